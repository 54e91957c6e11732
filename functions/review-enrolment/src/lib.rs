//! review-enrolment.
