//! Colours become sRGB. `image` hands out a file's colour profile but does not apply it; the engine it brings along for
//! its own colour spaces does.

use std::sync::Arc;

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

/// None when the profile cannot be read or describes another space: the samples are then taken for sRGB.
fn to_srgb(icc_profile: &[u8], space: DataColorSpace, from: Layout, to: Layout) -> Option<Arc<Transform8BitExecutor>> {
    let profile = ColorProfile::new_from_slice(icc_profile).ok().filter(|profile| profile.color_space == space)?;
    profile.create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default()).ok()
}

/// Converts RGB samples of eight bits. Grey stays as it is; the curves of grey profiles are close to sRGB's.
pub(super) fn convert_to_srgb(image: &mut DynamicImage, icc_profile: &[u8]) {
    let (samples, layout): (&mut [u8], _) = match image {
        DynamicImage::ImageRgb8(pixels) => (pixels, Layout::Rgb),
        DynamicImage::ImageRgba8(pixels) => (pixels, Layout::Rgba),
        _ => return,
    };
    let Some(transform) = to_srgb(icc_profile, DataColorSpace::Rgb, layout, layout) else { return };
    // Piece by piece, so that no second full-size buffer is needed.
    const PIXELS: usize = 4096;
    let mut before = Vec::new();
    for piece in samples.chunks_mut(PIXELS * layout.channels()) {
        before.clear();
        before.extend_from_slice(piece);
        // Fails only for lengths that do not fit each other.
        let _ = transform.transform(&before, piece);
    }
}

/// RGB samples of inks, four bytes a pixel, 255 being most. Without a profile inks are taken for ideal, as browsers do.
pub(super) fn cmyk_to_srgb(inks: &[u8], icc_profile: Option<&[u8]>) -> Vec<u8> {
    let profile = icc_profile.and_then(|profile| to_srgb(profile, DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb));
    let mut samples = vec![0; inks.len() / 4 * 3];
    if profile.is_none_or(|transform| transform.transform(inks, &mut samples).is_err()) {
        for (sample, ink) in samples.chunks_exact_mut(3).zip(inks.chunks_exact(4)) {
            sample.copy_from_slice(&ideal_rgb(ink));
        }
    }
    samples
}

fn ideal_rgb(inks: &[u8]) -> [u8; 3] {
    let black = 255 - u32::from(inks[3]);
    [inks[0], inks[1], inks[2]].map(|ink| (((255 - u32::from(ink)) * black + 127) / 255) as u8)
}

/// Whether converting from this profile leaves every colour where it is, as with the many copies of sRGB's own.
pub(super) fn is_srgb(icc_profile: &[u8]) -> bool {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    const INVISIBLE: u8 = 2;
    let colours: Vec<u8> = STEPS
        .iter()
        .flat_map(|&r| STEPS.iter().flat_map(move |&g| STEPS.iter().flat_map(move |&b| [r, g, b])))
        .collect();
    to_srgb(icc_profile, DataColorSpace::Rgb, Layout::Rgb, Layout::Rgb).is_some_and(|transform| {
        let mut converted = vec![0; colours.len()];
        transform.transform(&colours, &mut converted).is_ok()
            && colours.iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= INVISIBLE)
    })
}
