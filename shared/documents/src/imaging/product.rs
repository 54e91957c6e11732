//! What is made of a decoded picture: shrunk and encoded.

use fast_image_resize::Resizer;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, Rgba, RgbaImage, imageops};

use super::EncodedImage;
use super::header::problem;
use super::problem::ImageProblem;

/// The picture with its longer edge brought down to `long_edge` pixels, never enlarged, as JPEG.
pub(super) fn shrunk_jpeg(picture: &DynamicImage, long_edge: u32, quality: u8) -> Result<EncodedImage, ImageProblem> {
    let (width, height) = fit(picture.width(), picture.height(), long_edge);
    let mut small = DynamicImage::new(width, height, picture.color());
    Resizer::new().resize(picture, &mut small, None).map_err(|_| ImageProblem::Damaged)?;
    jpeg(&small, quality)
}

/// Baseline JPEG with colours in full resolution, so that red seals over black text stay legible; transparent parts
/// white.
pub(super) fn jpeg(picture: &DynamicImage, quality: u8) -> Result<EncodedImage, ImageProblem> {
    if picture.color().has_alpha() {
        return jpeg(&on_white(picture), quality);
    }
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).map_err(|error| problem(&error))?;
    Ok(EncodedImage { bytes, content_type: "image/jpeg", width: picture.width(), height: picture.height() })
}

/// PNG with the transparency it has.
pub(super) fn png(picture: &DynamicImage) -> Result<EncodedImage, ImageProblem> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|error| problem(&error))?;
    Ok(EncodedImage { bytes, content_type: "image/png", width: picture.width(), height: picture.height() })
}

fn on_white(picture: &DynamicImage) -> DynamicImage {
    const WHITE: Rgba<u8> = Rgba([255; 4]);
    let mut page = RgbaImage::from_pixel(picture.width(), picture.height(), WHITE);
    imageops::overlay(&mut page, picture, 0, 0);
    DynamicImage::from(page).into_rgb8().into()
}

/// Width and height with the longer edge at most `long_edge` and the shape kept, both at least 1.
pub(super) fn fit(width: u32, height: u32, long_edge: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= long_edge {
        return (width, height);
    }
    let scaled = |edge: u32| {
        let (edge, long_edge, longest) = (u64::from(edge), u64::from(long_edge), u64::from(longest));
        ((edge * long_edge + longest / 2) / longest).max(1) as u32
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn fits_the_longer_edge_and_keeps_the_shape() {
        assert_eq!(fit(4032, 3024, 320), (320, 240));
        assert_eq!(fit(3024, 4032, 320), (240, 320));
        assert_eq!(fit(300, 310, 320), (300, 310));
        assert_eq!(fit(60_000, 300, 320), (320, 2));
        assert_eq!(fit(65_535, 10, 320), (320, 1));
    }
}
