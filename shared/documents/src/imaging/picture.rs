//! Decoded pixels, and the one way they leave: shrunk first, then row by row turned upright, brought to sRGB and handed
//! to an encoder, so that no step needs a second full-size buffer.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use fast_image_resize::images::{Image, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, rgb_to_ycbcr};
use qcms::{DataType, Intent, Profile, Transform};

use super::orientation::Orientation;

/// How the 8-bit samples of a pixel are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Amounts of ink, 255 being most.
    Cmyk,
}

impl Space {
    pub(super) fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// Rows of `width` pixels, top to bottom as stored in the file, without padding.
pub(super) struct Pixels {
    width: u32,
    height: u32,
    space: Space,
    data: Vec<u8>,
}

impl Pixels {
    /// None when `data` is not exactly `width × height` pixels, or there are none.
    pub(super) fn new(width: u32, height: u32, space: Space, data: Vec<u8>) -> Option<Self> {
        let bytes = (width as usize).checked_mul(height as usize)?.checked_mul(space.channels())?;
        (bytes > 0 && bytes == data.len()).then_some(Self { width, height, space, data })
    }

    fn shrunk(&self, width: u32, height: u32) -> Option<Self> {
        let data = match self.space {
            Space::Grey => self.shrunk_as::<U8>(width, height),
            Space::GreyAlpha => self.shrunk_as::<U8x2>(width, height),
            Space::Rgb => self.shrunk_as::<U8x3>(width, height),
            Space::Rgba | Space::Cmyk => self.shrunk_as::<U8x4>(width, height),
        };
        Some(Self { width, height, space: self.space, data: data? })
    }

    /// Typed, because the resizer's untyped entry compiles its code for nine kinds of pixel there are none of here.
    fn shrunk_as<P: PixelTrait>(&self, width: u32, height: u32) -> Option<Vec<u8>> {
        let source = TypedImageRef::<P>::from_buffer(self.width, self.height, &self.data).ok()?;
        let mut target = Image::new(width, height, P::pixel_type());
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
            .use_alpha(matches!(self.space, Space::GreyAlpha | Space::Rgba));
        Resizer::new().resize_typed(&source, &mut target.typed_image_mut::<P>()?, &options).ok()?;
        Some(target.into_vec())
    }
}

/// Pixels with what it takes to show them right.
pub(super) struct Picture {
    pixels: Pixels,
    orientation: Orientation,
    to_srgb: Option<Rc<Transform>>,
}

impl Picture {
    pub(super) fn new(pixels: Pixels, orientation: Orientation, icc_profile: Option<&[u8]>) -> Self {
        let to_srgb = icc_profile.and_then(|profile| transform_to_srgb(profile, pixels.space)).map(Rc::new);
        Self { pixels, orientation, to_srgb }
    }

    /// Width and height in pixels, upright.
    pub(super) fn size(&self) -> (u32, u32) {
        self.orientation.seen(self.pixels.width, self.pixels.height)
    }

    /// The picture with its longer edge brought down to `long_edge` pixels; never enlarged.
    pub(super) fn shrunk(&self, long_edge: u32) -> Option<Self> {
        let (width, height) = fit(self.pixels.width, self.pixels.height, long_edge);
        let pixels = self.pixels.shrunk(width, height)?;
        Some(Self { pixels, orientation: self.orientation, to_srgb: self.to_srgb.clone() })
    }

    /// Encodes as baseline JPEG in sRGB or grey, transparent parts white. From quality 90 on the colours keep their
    /// full resolution, so that red seals over black text stay legible.
    pub(super) fn to_jpeg(&self, quality: u8) -> Option<Vec<u8>> {
        let (width, height) = self.size();
        let rows = JpegRows { picture: self, width: u16::try_from(width).ok()?, height: u16::try_from(height).ok()? };
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, quality).encode_image(rows).ok()?;
        Some(bytes)
    }

    /// Encodes as 8-bit PNG in sRGB or grey, with its transparency, row by row.
    pub(super) fn to_png(&self) -> io::Result<Vec<u8>> {
        let (width, height) = self.size();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_color(match self.pixels.space {
            Space::Grey => png::ColorType::Grayscale,
            Space::GreyAlpha => png::ColorType::GrayscaleAlpha,
            Space::Rgb | Space::Cmyk => png::ColorType::Rgb,
            Space::Rgba => png::ColorType::Rgba,
        });
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        let mut rows = writer.stream_writer()?;
        for y in 0..height {
            rows.write_all(&self.srgb_row(y))?;
        }
        rows.finish()?;
        writer.finish()?;
        Ok(bytes)
    }

    /// One upright row in sRGB: 1–4 bytes a pixel as the space has, CMYK as RGB.
    fn srgb_row(&self, y: u32) -> Vec<u8> {
        let row = self.upright_row(y);
        let is_cmyk = self.pixels.space == Space::Cmyk;
        if let Some(transform) = &self.to_srgb {
            let mut converted = vec![0; if is_cmyk { row.len() / 4 * 3 } else { row.len() }];
            transform.convert(&row, &mut converted);
            return converted;
        }
        if is_cmyk { row.chunks_exact(4).flat_map(cmyk_to_rgb).collect() } else { row }
    }

    fn upright_row(&self, y: u32) -> Vec<u8> {
        let Pixels { width, height, space, ref data } = self.pixels;
        let channels = space.channels();
        let (first, step) = self.orientation.row(y, width, height);
        let count = self.size().0 as usize;
        if step == 1 {
            return data[first * channels..(first + count) * channels].to_vec();
        }
        let mut row = Vec::with_capacity(count * channels);
        for x in 0..count {
            let at = first.wrapping_add_signed(step * x as isize) * channels;
            row.extend_from_slice(&data[at..at + channels]);
        }
        row
    }
}

/// Feeds the encoder; JPEG counts edges in 16 bits.
struct JpegRows<'a> {
    picture: &'a Picture,
    width: u16,
    height: u16,
}

impl ImageBuffer for JpegRows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        match self.picture.pixels.space {
            Space::Grey | Space::GreyAlpha => JpegColorType::Luma,
            Space::Rgb | Space::Rgba | Space::Cmyk => JpegColorType::Ycbcr,
        }
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let row = self.picture.srgb_row(u32::from(y));
        let mut push = |r, g, b| {
            let (y, cb, cr) = rgb_to_ycbcr(r, g, b);
            luma.push(y);
            blue.push(cb);
            red.push(cr);
        };
        match self.picture.pixels.space {
            Space::Rgb | Space::Cmyk => row.chunks_exact(3).for_each(|p| push(p[0], p[1], p[2])),
            Space::Rgba => {
                row.chunks_exact(4)
                    .for_each(|p| push(on_white(p[0], p[3]), on_white(p[1], p[3]), on_white(p[2], p[3])));
            }
            Space::Grey => luma.extend_from_slice(&row),
            Space::GreyAlpha => luma.extend(row.chunks_exact(2).map(|p| on_white(p[0], p[1]))),
        }
    }
}

/// `sample` with opacity `alpha` over white.
fn on_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Without a profile inks are taken for ideal, as browsers do.
fn cmyk_to_rgb(inks: &[u8]) -> [u8; 3] {
    let black = 255 - u32::from(inks[3]);
    [inks[0], inks[1], inks[2]].map(|ink| (((255 - u32::from(ink)) * black + 127) / 255) as u8)
}

/// None when the profile cannot be read or describes another space: the samples are then taken for sRGB.
/// Grey stays as it is; the curves of grey profiles are close to sRGB's.
fn transform_to_srgb(icc_profile: &[u8], space: Space) -> Option<Transform> {
    let (signature, source, target) = match space {
        Space::Rgb => (b"RGB ", DataType::RGB8, DataType::RGB8),
        Space::Rgba => (b"RGB ", DataType::RGBA8, DataType::RGBA8),
        Space::Cmyk => (b"CMYK", DataType::CMYK, DataType::RGB8),
        Space::Grey | Space::GreyAlpha => return None,
    };
    if icc_profile.get(16..20) != Some(signature) {
        return None;
    }
    // The profile is as untrusted as the pixels.
    catch_unwind(AssertUnwindSafe(|| {
        let profile = Profile::new_from_slice(icc_profile, false)?;
        let mut srgb = Profile::new_sRGB();
        srgb.precache_output_transform();
        Transform::new_to(&profile, &srgb, source, target, Intent::Perceptual)
    }))
    .ok()
    .flatten()
}

/// Whether converting from this profile leaves every colour where it is, as with the many copies of sRGB's own.
pub(super) fn is_srgb(icc_profile: &[u8]) -> bool {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    const INVISIBLE: u8 = 2;
    let colours: Vec<u8> = STEPS
        .iter()
        .flat_map(|&r| STEPS.iter().flat_map(move |&g| STEPS.iter().flat_map(move |&b| [r, g, b])))
        .collect();
    transform_to_srgb(icc_profile, Space::Rgb).is_some_and(|transform| {
        let mut converted = vec![0; colours.len()];
        transform.convert(&colours, &mut converted);
        colours.iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= INVISIBLE)
    })
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
