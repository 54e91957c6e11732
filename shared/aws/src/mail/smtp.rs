//! Mail through an SMTP server.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::identity::Email;
use mail_send::smtp::message::Parameters;
use mail_send::{Error, SmtpClient, SmtpClientBuilder};
use percent_encoding::percent_decode_str;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use url::Url;
use workflow::ports::{Clock, Mail, Mails, Outage, ProviderId, SendFailure};

use super::mime;
use crate::config::Identity;

/// Time for each answer of the server. A mail with its receipt has a few hundred KB.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// Replies to a recipient after which no mail to this address ever goes out (RFC 5321 §4.2.3): it is wrong, unknown or
/// closed. What a server has against sender, credentials or content the operator can mend.
const PERMANENT: [u16; 7] = [501, 510, 511, 550, 551, 553, 556];
/// Longest identifier of a server that is kept, in bytes.
const PROVIDER_ID_LENGTH_MAX: usize = 64;

/// The address is no SMTP server's. Says nothing of what is in it: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an SMTP address, smtps://user:password@host or smtp://user:password@host:587?tls=required; without TLS only on loopback"
)]
pub struct NotAServer;

/// The server did not take the mail. Replies are left out: servers quote addresses.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the server answered {0}")]
    Reply(u16),
    #[error("the server offers no STARTTLS")]
    NoStartTls,
    #[error("the server refuses its credentials")]
    Credentials,
    #[error("the server did not answer in time")]
    Timeout,
    #[error("the connection failed")]
    Connection,
}

/// An SMTP server. It has no `Debug`: it may hold a password.
#[derive(Clone)]
pub struct SmtpServer {
    client: SmtpClientBuilder<String>,
    plain: bool,
}

impl SmtpServer {
    /// The server at an address: `smtps://user:password@host` speaks TLS from the start, `smtp://…?tls=required` after
    /// STARTTLS, and `smtp://127.0.0.1:2525` not at all, which only a server on loopback may.
    ///
    /// # Errors
    /// It is another address.
    pub fn parse(address: &str) -> Result<Self, NotAServer> {
        let url = Url::parse(address).map_err(|_| NotAServer)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(NotAServer)?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (port, implicit, plain) = match (url.scheme(), tls.as_deref()) {
            ("smtps", None) => (465, true, false),
            ("smtp", Some("required")) => (587, false, false),
            ("smtp", None) if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => (25, false, true),
            _ => return Err(NotAServer),
        };
        let client =
            SmtpClientBuilder::new_with_tls_connector(host.to_owned(), url.port().unwrap_or(port), connector(plain)?)
                .implicit_tls(implicit)
                .timeout(ANSWER_TIMEOUT);
        let part = |text: &str| percent_decode_str(text).decode_utf8().map(Into::into).map_err(|_| NotAServer);
        let client = match url.password() {
            Some(password) => client.credentials((part(url.username())?, part(password)?)),
            None => client,
        };
        Ok(Self { client, plain })
    }

    /// Hands a mail over; answers what the server says of it.
    async fn hand_over(&self, from: &str, to: &str, raw: &[u8]) -> Result<ProviderId, SendFailure> {
        if self.plain {
            talk(self.client.connect_plain().await.map_err(|error| temporary(&error))?, from, to, raw).await
        } else {
            talk(self.client.connect().await.map_err(|error| temporary(&error))?, from, to, raw).await
        }
    }
}

/// TLS as everywhere in the tree, with the certificates of the operating system.
fn connector(plain: bool) -> Result<TlsConnector, NotAServer> {
    let mut roots = RootCertStore::empty();
    if !plain {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(|_| NotAServer)?;
    Ok(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
}

async fn talk<T: AsyncRead + AsyncWrite + Unpin>(
    mut client: SmtpClient<T>,
    from: &str,
    to: &str,
    raw: &[u8],
) -> Result<ProviderId, SendFailure> {
    let none = Parameters::new();
    client.mail_from(from, &none).await.map_err(|error| temporary(&error))?;
    client.rcpt_to(to, &none).await.map_err(|error| match &error {
        Error::UnexpectedReply(reply) if PERMANENT.contains(&reply.code()) => {
            SendFailure::Permanent(reply.code().to_string())
        }
        other => temporary(other),
    })?;
    let taken = client.data(raw).await.map_err(|error| temporary(&error))?;
    // The mail is taken: how the conversation ends does not matter.
    let _ = client.quit().await;
    Ok(queued_as(taken.message()))
}

fn temporary(error: &Error) -> SendFailure {
    let refused = match error {
        Error::UnexpectedReply(reply) => Refused::Reply(reply.code()),
        Error::AuthenticationFailed(_) | Error::UnsupportedAuthMechanism | Error::MissingCredentials => {
            Refused::Credentials
        }
        Error::MissingStartTls => Refused::NoStartTls,
        Error::Timeout => Refused::Timeout,
        _ => Refused::Connection,
    };
    Outage::new("send-mail", refused).into()
}

/// What the server calls the mail, where it says so in the usual words; never an address.
fn queued_as(line: &str) -> Option<String> {
    let id = line.split_once("queued as ")?.1.split_whitespace().next()?;
    let plain = id.len() <= PROVIDER_ID_LENGTH_MAX && id.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| id.to_owned())
}

/// The SMTP provider of mail.
#[derive(Clone)]
pub struct SmtpMails {
    server: SmtpServer,
    identity: Identity,
    clock: Arc<dyn Clock>,
}

impl SmtpMails {
    /// The provider behind a server; mails come from the identity's address and carry the clock's time.
    pub fn new(server: SmtpServer, identity: Identity, clock: Arc<dyn Clock>) -> Self {
        Self { server, identity, clock }
    }
}

#[async_trait]
impl Mails for SmtpMails {
    async fn send(&self, mail: &Mail) -> Result<ProviderId, SendFailure> {
        let from = self.identity.mail_from()?;
        let Ok(to) = Email::parse(&mail.to) else {
            return Err(SendFailure::Permanent("ADDRESS_FORMAT".to_owned()));
        };
        let raw = mime(mail, from, self.clock.now()).map_err(|problem| Outage::new("send-mail", problem))?;
        self.server.hand_over(from, to.as_str(), &raw).await
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use jiff::Timestamp;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            "2026-11-22T03:04:05Z".parse().unwrap()
        }
    }

    /// Speaks as much SMTP as a client needs; answers every recipient so. Gives back what it took.
    async fn server(recipient: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let served = async move {
            let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
            let (reader, mut writer) = stream.split();
            let mut lines = BufReader::new(reader).lines();
            writer.write_all(b"220 inbox\r\n").await.unwrap();
            let (mut taken, mut in_data) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match line.split(' ').next().unwrap_or_default() {
                    "." if in_data => {
                        in_data = false;
                        "250 2.0.0 Ok: queued as 4F1"
                    }
                    _ if in_data => {
                        taken.push_str(line.strip_prefix('.').unwrap_or(&line));
                        taken.push('\n');
                        continue;
                    }
                    "EHLO" => "250-inbox\r\n250 8BITMIME",
                    "RCPT" => recipient,
                    "DATA" => {
                        in_data = true;
                        "354 go on"
                    }
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
                writer.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            }
            taken
        };
        (address, tokio::spawn(served))
    }

    fn provider(address: &str) -> SmtpMails {
        let identity = Identity::from_environment(|_| Some("no-reply@union.example".to_owned()));
        SmtpMails::new(SmtpServer::parse(address).unwrap(), identity, Arc::new(Stopped))
    }

    fn mail(to: &str, pdf: &[u8]) -> Mail {
        Mail {
            id: "m-1".into(),
            to: to.into(),
            subject: "电子票据".into(),
            text: "见附件".into(),
            attachment: Some(("票据.pdf".into(), "application/pdf".into(), pdf.to_vec())),
        }
    }

    #[tokio::test]
    async fn the_attachment_arrives_byte_for_byte() {
        let pdf: Vec<u8> =
            (0..200_000_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect();
        let (address, inbox) = server("250 ok").await;
        let taken = provider(&address).send(&mail("payer@example.com", &pdf)).await.unwrap();
        assert_eq!(taken.as_deref(), Some("4F1"), "the server names what it took");
        let raw = inbox.await.unwrap();
        let (_, part) = raw.split_once("application/pdf").unwrap();
        let (_, body) = part.split_once("\n\n").unwrap();
        let body: String = body.lines().take_while(|line| !line.is_empty() && !line.starts_with("--")).collect();
        assert!(BASE64.decode(body).unwrap() == pdf, "the attachment is another one");
        assert!(raw.contains("Message-ID: <m-1@union.example>"), "{}", &raw[..500]);
    }

    #[tokio::test]
    async fn an_unknown_mailbox_is_refused_for_good_and_a_busy_one_is_not() {
        let (address, _inbox) = server("550 5.1.1 <payer@example.com> unknown").await;
        let gone = provider(&address).send(&mail("payer@example.com", b"%PDF")).await.unwrap_err();
        assert!(matches!(&gone, SendFailure::Permanent(code) if code == "550"), "{gone:?}");
        let (address, _inbox) = server("451 4.7.1 greylisted payer@example.com").await;
        let busy = provider(&address).send(&mail("payer@example.com", b"%PDF")).await.unwrap_err();
        let SendFailure::Temporary(outage) = &busy else { panic!("{busy:?}") };
        assert_eq!(outage.source.to_string(), "the server answered 451");
        for failure in [gone, busy] {
            assert!(!format!("{failure:?} {failure}").contains("payer"), "{failure:?}");
        }
        let down = provider("smtp://127.0.0.1:9").send(&mail("payer@example.com", b"%PDF")).await.unwrap_err();
        assert!(matches!(down, SendFailure::Temporary(_)), "{down:?}");
        let typo = provider("smtp://127.0.0.1:9").send(&mail("payer example.com", b"%PDF")).await.unwrap_err();
        assert!(matches!(typo, SendFailure::Permanent(_)), "{typo:?}");
    }

    #[test]
    fn only_loopback_goes_without_tls() {
        for good in [
            "smtps://user:p%40ss@mail.union.example",
            "smtp://user:pass@mail.union.example:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost:2525",
        ] {
            assert!(SmtpServer::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "smtp://mail.union.example:25",
            "smtp://mail.union.example?tls=opportunistic",
            "smtp://127.0.0.1.example:25",
            "http://127.0.0.1",
            "mail.union.example",
            "",
        ] {
            assert_eq!(SmtpServer::parse(bad).err(), Some(NotAServer), "{bad}");
        }
    }
}
