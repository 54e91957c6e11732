//! Captchas: what every request brings that could be repeated by a program.

use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::refusal::Refusal;
use http::StatusCode;
use lambda::http::{Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::captchas;

use crate::{Door, picture};

/// A captcha: the same sum as a picture and in words.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaptchaView {
    /// To be sent back with the answer.
    id: String,
    /// The sum as a PNG, ready for the `src` of an image.
    #[schema(example = "data:image/png;base64,iVBORw0KGgo…")]
    image: String,
    /// The sum in words, for screen readers and speech.
    #[schema(example = "三加十五等于几")]
    words: String,
    /// How long it can be answered, in seconds.
    expires_in_s: i64,
}

/// The answer to a captcha. Whatever it is, the captcha is used up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptchaAnswer {
    id: String,
    /// The sum, in digits.
    #[schema(example = "18")]
    answer: String,
}

/// A new captcha, good for one answer within two minutes.
#[utoipa::path(post, path = "/captchas", tag = "session", security(()),
    responses((status = 201, body = CaptchaView)))]
pub(crate) async fn issue(State(door): State<Door>) -> Result<(StatusCode, Json<CaptchaView>), Problem> {
    let captcha = captchas::issue(&*door.desk.store, &*door.desk.ids, door.now()).await?;
    let png = picture::draw(&captcha.formula(), door.desk.ids.secret())?;
    let view = CaptchaView {
        id: captcha.id.to_string(),
        image: format!("data:image/png;base64,{}", BASE64.encode(png)),
        words: captcha.words(),
        expires_in_s: captchas::LIFE.as_secs(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

impl Door {
    /// Uses a captcha up; refuses if the answer is not right.
    pub(crate) async fn pass_captcha(&self, given: &CaptchaAnswer) -> Result<(), Problem> {
        let answer = (given.id.as_str(), given.answer.as_str());
        let problem = captchas::check(&*self.desk.store, self.now(), "/captcha/answer", answer).await?;
        problem.map_or(Ok(()), |problem| Err(Refusal::invalid(vec![problem]).into()))
    }
}
