//! Contacts of units: personal data, sealed where it rests.

use domain::identity::Mobile;
use domain::ids::{AccountId, RegistrationId};
use domain::unit::{ContactFacts, SealedContact};

use crate::ports::{Cipher, Outage};
use crate::texts;

/// Where a registration's contact is sealed for.
pub fn registration_place(registration: &RegistrationId) -> String {
    format!("registration/{registration}/contact")
}

/// Where a unit's contact is sealed for: it is found by its account.
pub fn account_place(account: &AccountId) -> String {
    format!("contact/{account}")
}

/// Keyed index of a contact's name.
pub fn name_index(cipher: &dyn Cipher, name: &str) -> String {
    cipher.blind("contact-name", name)
}

/// Keyed index of a contact's mobile number.
pub fn mobile_index(cipher: &dyn Cipher, mobile: &Mobile) -> String {
    cipher.blind("contact-mobile", mobile.as_str())
}

/// Seals a contact for a place.
pub fn seal(cipher: &dyn Cipher, place: &str, contact: &ContactFacts) -> Result<SealedContact, Outage> {
    let plain = serde_json::to_vec(contact).map_err(|_| Outage::new("seal-contact", "a contact is JSON"))?;
    Ok(SealedContact {
        name: contact.name.as_str().to_owned(),
        position: contact.position.clone(),
        masked_mobile: contact.mobile.masked(),
        name_index: name_index(cipher, contact.name.as_str()),
        mobile_index: mobile_index(cipher, &contact.mobile),
        sealed: texts::sealed(cipher, place, &plain),
    })
}

/// Opens a contact that was sealed for a place.
pub fn open(cipher: &dyn Cipher, place: &str, sealed: &SealedContact) -> Result<ContactFacts, Outage> {
    // The parser's message may quote what it read.
    texts::opened(cipher, place, &sealed.sealed)
        .and_then(|plain| serde_json::from_slice(&plain).ok())
        .ok_or_else(|| Outage::new("open-contact", "the contact cannot be opened"))
}
