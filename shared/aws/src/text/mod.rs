//! Providers of text messages: which one, the configuration says.

mod gateway;
mod sns;

pub use self::gateway::{GatewayAddress, GatewayTexts};
pub use self::sns::SnsTexts;
