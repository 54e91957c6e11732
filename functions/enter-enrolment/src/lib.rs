//! enter-enrolment.
