//! A mail server: `smtp://USER@HOST:587` with STARTTLS, `smtps://USER@HOST:465` with TLS from the
//! first byte, and `smtp://HOST:25?tls=off` on the own machine only.
//!
//! The steps of a hand-over are taken one by one, so that it is known whether the mail had left when
//! something failed. A server that does not prove who it is gets neither mail nor password.

use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use lettre::address::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as From, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use super::secret::{Secrets, secret};
use super::{Means, Notch, Outcome, Parcel, Way};
use crate::model::Problem;
use crate::outreach::mail::Mail;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    /// From the first byte.
    Whole,
    /// STARTTLS, or nothing is sent.
    Upgraded,
    Off,
}

pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    user: Option<String>,
    secret: Option<String>,
    authority: Option<Certificate>,
    patience: Duration,
    connection: Option<SmtpConnection>,
}

impl Server {
    /// The server that an address names.
    pub fn new(means: Means<'_>, url: &str, secrets: &Secrets<'_>) -> Result<Self, Problem> {
        let bad = || means.bad("smtp", url);
        let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user.replace("%40", "@")), place),
            None => (None, rest),
        };
        if user.as_ref().is_some_and(|user| user.contains(':')) {
            // A password in a settings file would be in every clone.
            return Err(Problem::invalid("password-in-settings").at("crm.toml", None));
        }
        let tls = match (scheme, query) {
            ("smtps", "") => Tls::Whole,
            ("smtp", "") => Tls::Upgraded,
            ("smtp", "tls=off") => Tls::Off,
            _ => return Err(bad()),
        };
        let usual = if tls == Tls::Whole { 465 } else { 587 };
        let place = place.trim_end_matches('/');
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !place.ends_with(']') => (host, port.parse().map_err(|_| bad())?),
            _ => (place, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(bad());
        }
        if tls == Tls::Off && !is_here(&host) {
            return Err(Problem::invalid("insecure-server").arg("value", url).at("crm.toml", None));
        }
        let authority = match means.get("ca_file") {
            Some(path) => {
                let pem = fs::read(means.path(path)).map_err(|_| means.bad("ca_file", path))?;
                Some(Certificate::from_pem(&pem).map_err(|_| means.bad("ca_file", path))?)
            }
            None => None,
        };
        let secret = secret(means, secrets)?;
        Ok(Self { host, port, tls, user, secret, authority, patience: means.patience()?, connection: None })
    }

    /// A connection on which mail may be sent.
    fn connect(&self) -> Result<SmtpConnection, String> {
        let told = |error: Error| said(&error);
        let hello = ClientId::default();
        let parameters = || {
            let mut builder = TlsParameters::builder(self.host.clone());
            if let Some(authority) = &self.authority {
                builder = builder.add_root_certificate(authority.clone());
            }
            builder.build().map_err(told)
        };
        let at_once = if self.tls == Tls::Whole { Some(parameters()?) } else { None };
        let place = (self.host.as_str(), self.port);
        let mut connection =
            SmtpConnection::connect(place, Some(self.patience), &hello, at_once.as_ref(), None)
                .map_err(told)?;
        if self.tls == Tls::Upgraded {
            connection.starttls(&parameters()?, &hello).map_err(told)?;
        }
        if let (Some(user), Some(secret)) = (&self.user, &self.secret) {
            let credentials = Credentials::new(user.clone(), secret.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).map_err(told)?;
        }
        Ok(connection)
    }

    /// Everything up to the point of no return: the server knows sender and receivers.
    fn announce(connection: &mut SmtpConnection, mail: &Mail) -> Result<(), Error> {
        let mut options = Vec::new();
        let is_wide = mail.to.iter().chain([&mail.from]).any(|address| !address.is_ascii());
        if is_wide && connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            options.push(MailParameter::SmtpUtfEight);
        }
        if !mail.bytes.is_ascii() {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let address = |text: &str| text.parse::<Address>().ok();
        connection.command(From::new(address(&mail.from), options))?;
        for to in mail.to.iter().filter_map(|to| address(to)) {
            connection.command(Rcpt::new(to, Vec::new()))?;
        }
        connection.command(Data)?;
        Ok(())
    }
}

impl Way for Server {
    fn send(&mut self, parcel: &Parcel<'_>, notch: Notch<'_>) -> Outcome {
        let Some(mail) = parcel.mail else { return Outcome::Refused("no mail".to_owned()) };
        let mut fresh = false;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.connect() {
                Ok(connection) => {
                    fresh = true;
                    connection
                }
                Err(why) => return Outcome::Unreached(why),
            },
        };
        if let Err(mut error) = Self::announce(&mut connection, mail) {
            if !is_answer(&error) && !fresh {
                // The server closed a connection that was kept open; nothing had left yet.
                connection = match self.connect() {
                    Ok(connection) => connection,
                    Err(why) => return Outcome::Unreached(why),
                };
                match Self::announce(&mut connection, mail) {
                    Ok(()) => return self.hand_over(connection, mail, notch),
                    Err(again) => error = again,
                }
            }
            if !is_answer(&error) {
                return Outcome::Unreached(said(&error));
            }
            // One receiver refused is the whole mail refused: nobody gets it twice.
            if connection.command(Rset).is_ok() {
                self.connection = Some(connection);
            }
            return if error.is_permanent() {
                Outcome::Refused(said(&error))
            } else {
                Outcome::Later(said(&error))
            };
        }
        self.hand_over(connection, mail, notch)
    }
}

impl Server {
    fn hand_over(&mut self, mut connection: SmtpConnection, mail: &Mail, notch: Notch<'_>) -> Outcome {
        if let Err(error) = notch() {
            connection.abort();
            return Outcome::Unreached(error.to_string());
        }
        match connection.message(&mail.bytes) {
            Ok(response) => {
                self.connection = Some(connection);
                Outcome::Sent(response.first_line().map(one_line))
            }
            Err(error) if is_answer(&error) => {
                self.connection = Some(connection);
                if error.is_permanent() {
                    Outcome::Refused(said(&error))
                } else {
                    Outcome::Later(said(&error))
                }
            }
            Err(error) => Outcome::Unknown(said(&error)),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = connection.quit();
        }
    }
}

/// Whether the server said so itself.
fn is_answer(error: &Error) -> bool {
    error.is_transient() || error.is_permanent()
}

/// What went wrong, in one line.
fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
