//! A gateway for texts over HTTP: an address, headers and a body with placeholders, and a test that
//! tells from the answer whether it was accepted. Presets describe common ones.
//!
//! Placeholders: `{{to}}` (+8613800138000), `{{digits}}` (8613800138000), `{{local}}` (13800138000
//! for a number of China, else as `digits`), `{{text}}`, `{{from}}`, `{{user}}`, `{{secret}}`,
//! `{{id}}`. They are written as the place needs it: as JSON, as form data, in an address.
//! Deliberately absent: gateways that want every request signed; those have a `command`.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, Error};

use super::secret::{Secrets, secret};
use super::{Means, Notch, Outcome, Parcel, Way};
use crate::model::Problem;
use crate::model::placeholders::{Piece, pieces};

/// Most bytes of an answer that are read.
const ANSWER: u64 = 64 * 1024;

/// Most letters of an answer that are kept.
const KEPT: usize = 300;

struct Preset {
    name: &'static str,
    url: &'static str,
    headers: &'static [&'static str],
    body: &'static str,
    success: &'static str,
    id: &'static str,
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const JSON: &str = "Content-Type: application/json";

/// Gateways by name, as their public documentation describes them.
const PRESETS: &[Preset] = &[
    Preset {
        name: "twilio",
        url: "https://api.twilio.com/2010-04-01/Accounts/{{user}}/Messages.json",
        headers: &[FORM, "Authorization: Basic {{basic}}"],
        body: "To={{to}}&From={{from}}&Body={{text}}",
        success: "status",
        id: "sid",
    },
    Preset {
        name: "vonage",
        url: "https://rest.nexmo.com/sms/json",
        headers: &[JSON],
        body: r#"{"api_key":"{{user}}","api_secret":"{{secret}}","to":"{{digits}}","from":"{{from}}","text":"{{text}}","type":"unicode"}"#,
        success: "messages.0.status=0",
        id: "messages.0.message-id",
    },
    Preset {
        name: "yunpian",
        url: "https://sms.yunpian.com/v2/sms/single_send.json",
        headers: &[FORM],
        body: "apikey={{secret}}&mobile={{to}}&text={{text}}",
        success: "code=0",
        id: "sid",
    },
    Preset {
        name: "luosimao",
        url: "https://sms-api.luosimao.com/v1/send.json",
        headers: &[FORM, "Authorization: Basic {{basic}}"],
        body: "mobile={{local}}&message={{text}}",
        success: "error=0",
        id: "batch_id",
    },
];

/// How a value is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Header,
    Json,
    Form,
}

#[derive(Debug)]
pub(super) struct Gateway {
    agent: Agent,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    place: Place,
    success: String,
    id: Option<String>,
    from: String,
    user: String,
    secret: String,
}

impl Gateway {
    pub fn new(means: Means<'_>, secrets: &Secrets<'_>) -> Result<Self, Problem> {
        let preset =
            match means.get("preset") {
                None => None,
                Some(name) => Some(PRESETS.iter().find(|preset| preset.name == name).ok_or_else(|| {
                    means.bad("preset", name).legal(PRESETS.iter().map(|preset| preset.name))
                })?),
            };
        let or = |name: &str, usual: Option<&'static str>| means.get(name).or(usual).map(str::to_owned);
        let url = or("url", preset.map(|preset| preset.url)).unwrap_or_default();
        let plain = match url.split_once("://") {
            Some(("https", _)) => false,
            Some(("http", rest)) if is_here(rest) => true,
            _ => return Err(Problem::invalid("insecure-server").arg("value", &url).at("crm.toml", None)),
        };
        let mut texts: Vec<&str> = means.list("headers");
        if texts.is_empty() {
            texts.extend(preset.map_or(&[][..], |preset| preset.headers));
        }
        let mut headers = Vec::new();
        for text in texts {
            let (name, value) = text.split_once(':').ok_or_else(|| means.bad("headers", text))?;
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        let body = or("body", preset.map(|preset| preset.body)).unwrap_or_default();
        let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let place = match kind {
            Some((_, kind)) if kind.contains("json") => Place::Json,
            Some(_) => Place::Form,
            None => {
                if body.trim_start().starts_with('{') {
                    Place::Json
                } else {
                    Place::Form
                }
            }
        };
        if kind.is_none() {
            let (name, value) =
                if place == Place::Json { JSON } else { FORM }.split_once(": ").unwrap_or_default();
            headers.push((name.to_owned(), value.to_owned()));
        }
        let patience: Duration = means.patience()?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(!plain)
            .user_agent("crm")
            .timeout_global(Some(patience));
        if plain {
            config = config.proxy(None);
        }
        Ok(Self {
            agent: config.build().into(),
            url,
            headers,
            body,
            place,
            success: or("success", preset.map(|preset| preset.success))
                .unwrap_or_else(|| "status".to_owned()),
            id: or("id", preset.map(|preset| preset.id)),
            from: means.get("from").unwrap_or_default().to_owned(),
            user: means.get("user").unwrap_or_default().to_owned(),
            secret: secret(means, secrets)?.unwrap_or_default(),
        })
    }

    fn filled(&self, text: &str, to: &str, parcel: &Parcel<'_>, place: Place) -> Result<String, Problem> {
        let mut out = String::new();
        let digits = to.trim_start_matches('+');
        for piece in pieces(text)? {
            let name = match piece {
                Piece::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Piece::Place(place) => place.name,
            };
            let basic;
            let value = match name {
                "to" => to,
                "digits" => digits,
                "local" => to.strip_prefix("+86").unwrap_or(digits),
                "text" => parcel.text,
                "from" => &self.from,
                "user" => &self.user,
                "secret" => &self.secret,
                "id" => parcel.id,
                "basic" => {
                    basic = base64(format!("{}:{}", self.user, self.secret).as_bytes());
                    &basic
                }
                _ => {
                    return Err(Problem::invalid("unknown-variable")
                        .arg("unknown", name)
                        .arg("kind", "unknown"));
                }
            };
            match place {
                Place::Header => out.push_str(value),
                Place::Json => {
                    let quoted = Value::from(value).to_string();
                    out.push_str(&quoted[1..quoted.len() - 1]);
                }
                Place::Form => out.push_str(&encoded(value)),
            }
        }
        Ok(out)
    }

    fn request(&self, to: &str, parcel: &Parcel<'_>) -> Result<ureq::http::Request<String>, String> {
        let told = |problem: Problem| problem.id.to_owned();
        let url = self.filled(&self.url, to, parcel, Place::Form).map_err(told)?;
        let body = self.filled(&self.body, to, parcel, self.place).map_err(told)?;
        let mut request = ureq::http::Request::builder().method("POST").uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, self.filled(value, to, parcel, Place::Header).map_err(told)?);
        }
        request.body(body).map_err(|error| error.to_string())
    }

    /// What the answer means.
    fn judged(&self, status: u16, answer: &str) -> Outcome {
        let told = || format!("{status} {}", short(answer));
        match status {
            429 | 503 => return Outcome::Later(told()),
            401 | 403 => return Outcome::Unreached(told()),
            // What failed behind the door may have happened all the same.
            500..=599 => return Outcome::Unknown(told()),
            200..=299 => {}
            _ => return Outcome::Refused(told()),
        }
        let json: Option<Value> = serde_json::from_str(answer).ok();
        let found = |path: &str| {
            let mut at = json.as_ref()?;
            for step in path.split('.') {
                at = match step.parse::<usize>() {
                    Ok(index) if at.is_array() => at.get(index)?,
                    _ => at.get(step)?,
                };
            }
            Some(at.as_str().map_or_else(|| at.to_string(), str::to_owned))
        };
        let id = || self.id.as_deref().and_then(found);
        if self.success == "status" {
            return Outcome::Sent(id());
        }
        if let Some(text) = self.success.strip_prefix('~') {
            return if answer.contains(text) { Outcome::Sent(id()) } else { Outcome::Refused(told()) };
        }
        let (path, wanted) = self.success.split_once('=').unwrap_or((&self.success, "true"));
        match found(path) {
            Some(value) if value == wanted => Outcome::Sent(id()),
            Some(_) => Outcome::Refused(told()),
            // An answer that is none tells nothing about the text.
            None => Outcome::Unknown(told()),
        }
    }
}

impl Way for Gateway {
    fn send(&mut self, parcel: &Parcel<'_>, notch: Notch<'_>) -> Outcome {
        let [to] = parcel.to else { return Outcome::Refused("one receiver".to_owned()) };
        let request = match self.request(to, parcel) {
            Ok(request) => request,
            Err(why) => return Outcome::Unreached(why),
        };
        if let Err(error) = notch() {
            return Outcome::Unreached(error.to_string());
        }
        match self.agent.run(request) {
            Ok(mut response) => {
                let answer = response.body_mut().with_config().limit(ANSWER).read_to_string();
                match answer {
                    Ok(answer) => self.judged(response.status().as_u16(), &answer),
                    Err(error) => Outcome::Unknown(error.to_string()),
                }
            }
            Err(error) if is_before(&error) => Outcome::Unreached(error.to_string()),
            Err(error) => Outcome::Unknown(error.to_string()),
        }
    }
}

/// Whether a request failed before any of it could be read on the other side.
fn is_before(error: &Error) -> bool {
    match error {
        Error::BadUri(_)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::RequireHttpsOnly(_)
        | Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => true,
        Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}

fn is_here(rest: &str) -> bool {
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    let host = match place.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => place,
    };
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(KEPT).collect()
}

/// As form data and addresses have it.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// As the header of basic authentication has it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let group =
            three.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = usize::try_from(group >> (18 - 6 * at) & 63).unwrap_or(0);
            out.push(if at <= three.len() { char::from(LETTERS[letter]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway(success: &str, body: &str, place: Place) -> Gateway {
        Gateway {
            agent: Agent::new_with_defaults(),
            url: "https://x.example/{{user}}?to={{digits}}".to_owned(),
            headers: vec![("X-Key".to_owned(), "{{secret}}".to_owned())],
            body: body.to_owned(),
            place,
            success: success.to_owned(),
            id: Some("data.0.id".to_owned()),
            from: "Acme".to_owned(),
            user: "a b".to_owned(),
            secret: "k".to_owned(),
        }
    }

    fn parcel<'a>(to: &'a [String], text: &'a str) -> Parcel<'a> {
        Parcel { id: "msg_k", to, text, mail: None }
    }

    #[test]
    fn values_cannot_leave_their_place() {
        let to = ["+8613800138000".to_owned()];
        let parcel = parcel(&to, "价格\"&x=1\r\nHost: evil");
        let json = gateway("status", r#"{"t":"{{text}}","n":"{{local}}"}"#, Place::Json);
        let request = json.request(&to[0], &parcel).expect("a request");
        let body: Value = serde_json::from_str(request.body()).expect("json");
        assert_eq!((body["t"].as_str(), body["n"].as_str()), (Some(parcel.text), Some("13800138000")));
        assert_eq!(request.uri().to_string(), "https://x.example/a%20b?to=8613800138000");
        let form = gateway("status", "t={{text}}", Place::Form);
        let body = form.request(&to[0], &parcel).expect("a request").into_body();
        assert_eq!(body, "t=%E4%BB%B7%E6%A0%BC%22%26x%3D1%0D%0AHost%3A%20evil");
        let mut evil = gateway("status", "", Place::Form);
        evil.headers.push(("X-Text".to_owned(), "{{text}}".to_owned()));
        assert!(evil.request(&to[0], &parcel).is_err(), "no line end in a header");
    }

    #[test]
    fn the_answer_tells_what_became_of_it() {
        let ok = r#"{"code":0,"data":[{"id":77}]}"#;
        let sent = Outcome::Sent(Some("77".to_owned()));
        for (success, status, answer, expected) in [
            ("code=0", 200, ok, sent.clone()),
            ("code=0", 200, r#"{"code":5}"#, Outcome::Refused(r#"200 {"code":5}"#.to_owned())),
            ("code=0", 200, "<html>", Outcome::Unknown("200 <html>".to_owned())),
            ("code=0", 500, ok, Outcome::Unknown(format!("500 {ok}"))),
            ("code=0", 503, "", Outcome::Later("503 ".to_owned())),
            ("code=0", 401, "", Outcome::Unreached("401 ".to_owned())),
            ("code=0", 400, "bad", Outcome::Refused("400 bad".to_owned())),
            ("code=0", 302, "", Outcome::Refused("302 ".to_owned())),
            ("~accepted", 200, "accepted", Outcome::Sent(None)),
            ("~accepted", 200, "no", Outcome::Refused("200 no".to_owned())),
            ("status", 201, "", Outcome::Sent(None)),
        ] {
            assert_eq!(
                gateway(success, "", Place::Form).judged(status, answer),
                expected,
                "{success} {status}"
            );
        }
    }

    #[test]
    fn plain_http_is_for_the_own_machine() {
        for (rest, here) in [
            ("127.0.0.1:80/x", true),
            ("[::1]:80/x", true),
            ("localhost/x", true),
            ("127.0.0.1.evil.example/", false),
            ("sms.example/", false),
        ] {
            assert_eq!(is_here(rest), here, "{rest}");
        }
    }

    #[test]
    fn basic_authentication_is_base64() {
        for (text, expected) in
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("a:密", "YTrlr4Y=")]
        {
            assert_eq!(base64(text.as_bytes()), expected, "{text}");
        }
    }
}
