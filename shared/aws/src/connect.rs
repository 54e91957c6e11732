//! Connects a function to AWS: configuration is loaded once, and each client made once, when it is first asked for.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::region::ProvideRegion;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};
use workflow::desk::Desk;
use workflow::ports::{Mails, Outage, Patience, Sequences, Texts};

use crate::cipher::{self, FieldCipher};
use crate::config::{Buckets, DeadLetterUrls, Identity, Keys, Providers, QueueUrls, Tables, environment};
use crate::dynamo::Dynamo;
use crate::links::{S3Links, Site};
use crate::mail::{SesMails, SmtpMails, SmtpServer};
use crate::objects::S3Objects;
use crate::queues::{SqsPatience, SqsQueues};
use crate::series::SampleSeries;
use crate::text::{GatewayAddress, GatewayTexts, SnsTexts};
use crate::tokens::KmsTokens;
use crate::world::{SystemClock, SystemIds};

/// Time for a connection to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Time for one try of a call to be answered.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// The same for the buckets: the body of an object takes longer.
const OBJECT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// AWS, as the environment describes it.
pub struct Aws {
    sdk: SdkConfig,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    kms: OnceLock<aws_sdk_kms::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
}

impl Aws {
    /// Takes region, credentials and endpoint from the environment, where Lambda puts them. Calls nothing yet.
    ///
    /// The SDK's own chain of providers would look in profiles, containers and STS too: code that every function would
    /// carry and none would use.
    pub async fn connect() -> Self {
        // Checksums only where S3 demands them: others break presigned links and cost a pass over every body.
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(EnvironmentVariableRegionProvider::new().region().await)
            .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .timeout_config(timeouts(ATTEMPT_TIMEOUT));
        sdk.set_endpoint_url(environment("AWS_ENDPOINT_URL"));
        let sdk = sdk.build();
        Self { sdk, dynamodb: OnceLock::new(), kms: OnceLock::new(), s3: OnceLock::new() }
    }

    /// The tables.
    pub fn dynamo(&self) -> Dynamo {
        let client = self.dynamodb.get_or_init(|| aws_sdk_dynamodb::Client::new(&self.sdk));
        Dynamo::new(client.clone(), Tables::from_environment(environment), Arc::new(SystemClock))
    }

    /// The tables, the system clock and new identifiers.
    pub fn desk(&self) -> Desk {
        Desk { store: Arc::new(self.dynamo()), clock: Arc::new(SystemClock), ids: Arc::new(SystemIds) }
    }

    /// The buckets.
    pub fn objects(&self) -> S3Objects {
        let client = self.s3.get_or_init(|| {
            // An emulator has one host for all buckets.
            let config = aws_sdk_s3::config::Builder::from(&self.sdk)
                .timeout_config(timeouts(OBJECT_ATTEMPT_TIMEOUT))
                .force_path_style(self.sdk.endpoint_url().is_some());
            aws_sdk_s3::Client::from_conf(config.build())
        });
        S3Objects::new(client.clone(), Buckets::from_environment(environment))
    }

    /// What lets browsers read and write the buckets.
    pub fn links(&self) -> S3Links {
        let site = Site {
            region: self.sdk.region().map(ToString::to_string),
            endpoint: self.sdk.endpoint_url().map(str::to_owned),
            credentials: self.sdk.credentials_provider(),
        };
        S3Links::new(Buckets::from_environment(environment), site, Arc::new(SystemClock))
    }

    /// The work queues.
    pub fn queues(&self) -> SqsQueues {
        let dead = DeadLetterUrls::from_environment(environment);
        SqsQueues::new(aws_sdk_sqs::Client::new(&self.sdk), QueueUrls::from_environment(environment), dead)
    }

    /// The provider of text messages: the HTTP gateway that the configuration names, otherwise SNS.
    pub fn texts(&self) -> Result<Arc<dyn Texts>, Outage> {
        let providers = Providers::from_environment(environment);
        let sign = providers.text_sign()?.to_owned();
        let Some(gateway) = providers.text_gateway() else {
            return Ok(Arc::new(SnsTexts::new(aws_sdk_sns::Client::new(&self.sdk), sign)));
        };
        let address = GatewayAddress::parse(gateway).map_err(|problem| Outage::new("read-configuration", problem))?;
        Ok(Arc::new(GatewayTexts::new(address, sign, Arc::new(SystemClock))))
    }

    /// The provider of mail: the SMTP server that the configuration names, otherwise SES.
    pub fn mails(&self) -> Result<Arc<dyn Mails>, Outage> {
        let providers = Providers::from_environment(environment);
        let (identity, clock) = (self.identity(), Arc::new(SystemClock));
        let Some(server) = providers.mail_server() else {
            return Ok(Arc::new(SesMails::new(aws_sdk_sesv2::Client::new(&self.sdk), identity, clock)));
        };
        let server = SmtpServer::parse(server).map_err(|problem| Outage::new("read-configuration", problem))?;
        Ok(Arc::new(SmtpMails::new(server, identity, clock)))
    }

    /// Patience with what a worker depends on: `RETRY_AFTER_S` seconds after the first delivery, then ever longer.
    pub fn patience(&self) -> Result<Arc<dyn Patience>, Outage> {
        let base_s = environment("RETRY_AFTER_S").and_then(|text| text.parse().ok());
        let base_s = base_s.ok_or_else(|| Outage::new("read-configuration", "RETRY_AFTER_S is not set"))?;
        Ok(Arc::new(SqsPatience::new(aws_sdk_sqs::Client::new(&self.sdk), base_s)))
    }

    /// The receipt series: the sample series, until a fiscal system is connected.
    pub fn receipt_series(&self) -> SampleSeries {
        let sequences: Arc<dyn Sequences> = Arc::new(self.dynamo());
        SampleSeries::new(sequences)
    }

    /// The cipher of personal fields. Costs one call to KMS: made once, when a function starts.
    pub async fn cipher(&self) -> Result<FieldCipher, Outage> {
        FieldCipher::load(self.kms(), &Self::keys(), &self.dynamo()).await
    }

    /// Makes the data key of a new installation; false if it has one.
    pub async fn create_wrapped_key(&self) -> Result<bool, Outage> {
        cipher::create_wrapped_key(self.kms(), &Self::keys(), &self.dynamo()).await
    }

    /// The key pair of access tokens.
    pub fn token_signer(&self) -> KmsTokens {
        KmsTokens::new(self.kms().clone(), Self::keys())
    }

    /// How the platform presents itself.
    pub fn identity(&self) -> Identity {
        Identity::from_environment(environment)
    }

    fn kms(&self) -> &aws_sdk_kms::Client {
        self.kms.get_or_init(|| aws_sdk_kms::Client::new(&self.sdk))
    }

    fn keys() -> Keys {
        Keys::from_environment(environment)
    }
}

fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(attempt).build()
}
