//! QR codes as filled boxes.

use qrcode::{Color, EcLevel, QrCode};

use super::page::{Colour, Page};
use super::problem::RenderProblem;

/// Draws `text` as a QR code no wider than `side`, correcting up to 15 % of damage.
pub(super) fn draw_qr(page: &mut Page, (left, top): (i32, i32), side: i32, text: &str) -> Result<(), RenderProblem> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| RenderProblem::VerificationUrlTooLong)?;
    let modules = i32::try_from(code.width()).map_err(|_| RenderProblem::VerificationUrlTooLong)?;
    let module = side / modules.max(1);
    let inset = (side - module * modules) / 2;
    let colours = code.to_colors();
    for (row, y) in colours.chunks(code.width()).zip((0..).map(|row| top + inset + row * module)) {
        let mut x = left + inset;
        for run in row.chunk_by(PartialEq::eq) {
            let width = module * i32::try_from(run.len()).unwrap_or(0);
            if run.first() == Some(&Color::Dark) {
                page.fill((x, y), (width, module), Colour::Ink);
            }
            x += width;
        }
    }
    Ok(())
}
