//! The lists of codes that several record types share and a store may extend.

use crate::codes;

codes! {
    /// Where a lead or customer came from
    Source = "source" ["web", "phone", "store", "referral", "exhibition", "ad", "wechat", "campaign", "partner", "email", "import", "other"]
    /// Why a lead, opportunity or quote was lost
    LostReason = "lost_reason" ["price", "competitor", "budget", "no_need", "missing_feature", "timing", "no_decision_maker", "unreachable", "poor_fit", "duplicate", "spam", "other"]
    /// Industry
    Industry = "industry" ["manufacturing", "retail", "wholesale", "logistics", "construction", "real_estate", "hospitality", "education", "health", "finance", "government", "technology", "agriculture", "energy", "services", "other"]
    /// Headcount band
    Size = "size" ["1-9", "10-49", "50-249", "250-999", "1000+"]
    /// Level of a customer
    Level = "level" ["A", "B", "C"]
    /// Price level
    PriceLevel = "price_level" ["retail", "dealer", "vip"]
    /// Result of a contact
    Outcome = "outcome" ["connected", "no_answer", "busy", "interested", "not_interested", "call_back", "refused", "agreed"]
    /// Cause of a service request
    Cause = "cause" ["defect", "installation", "operation", "transport", "wear", "software", "other"]
    /// What was done about a service request
    Remedy = "remedy" ["repair", "replace", "refund", "discount", "explain", "none"]
    /// Why goods came back
    ReturnReason = "return_reason" ["defective", "wrong_item", "damaged", "not_needed", "late", "other"]
    /// How money moved
    Method = "method" ["bank", "cash", "card", "wechat_pay", "alipay", "cheque", "other"]
    /// Unit of a product
    Unit = "unit" ["piece", "set", "box", "kg", "m", "m2", "l", "hour", "day", "month", "year"]
    /// What feedback is about
    About = "about" ["product", "service", "delivery", "sales", "crm"]
}
