//! How the animals are made, and how products are looked at.

use documents::imaging::{EncodedImage, ImageProblem, ImageRules, InspectedImage, inspect_image};
use flate2::Crc;
use jpeg_encoder::{ColorType, Encoder};

pub(crate) const RULES: ImageRules = ImageRules { preview: true, ..ImageRules::ATTACHMENT };
pub(crate) const RED: [u8; 3] = [255, 0, 0];
pub(crate) const GREEN: [u8; 3] = [0, 255, 0];
pub(crate) const BLUE: [u8; 3] = [0, 0, 255];
pub(crate) const WHITE: [u8; 3] = [255, 255, 255];
/// Top left, top right, bottom left, bottom right.
pub(crate) const UPRIGHT: [[u8; 3]; 4] = [RED, GREEN, BLUE, WHITE];

pub(crate) fn inspect(bytes: &[u8]) -> Result<InspectedImage, ImageProblem> {
    inspect_image(bytes, &RULES)
}

/// Four quarters, red, green, blue and white.
pub(crate) fn quarters(width: usize, height: usize) -> Vec<u8> {
    let at =
        |index: usize| UPRIGHT[usize::from(index % width >= width / 2) + 2 * usize::from(index / width >= height / 2)];
    (0..width * height).flat_map(at).collect()
}

pub(crate) fn jpeg_with(width: u16, height: u16, adjust: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    adjust(&mut encoder);
    encoder.encode(&quarters(width.into(), height.into()), width, height, ColorType::Rgb).unwrap();
    bytes
}

pub(crate) fn jpeg() -> Vec<u8> {
    jpeg_with(320, 400, |_| ())
}

pub(crate) fn png(color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 320, 400);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

pub(crate) fn rgb_png() -> Vec<u8> {
    png(png::ColorType::Rgb, png::BitDepth::Eight, &quarters(320, 400))
}

pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    [&(data.len() as u32).to_be_bytes(), kind.as_slice(), data, &crc.sum().to_be_bytes()].concat()
}

/// Puts chunks behind the header of a PNG.
pub(crate) fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// A TIFF structure with an orientation and, behind it, what must never be stored.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS 39.9042N 116.4074E");
    tiff
}

/// Width, height and RGB pixels of a product, by decoders of its own.
pub(crate) fn decode(image: &EncodedImage) -> (usize, usize, Vec<u8>) {
    let (width, height, channels, data) = if image.content_type == "image/jpeg" {
        let mut decoder = jpeg_decoder::Decoder::new(image.bytes.as_slice());
        let data = decoder.decode().unwrap();
        let info = decoder.info().unwrap();
        (info.width.into(), info.height.into(), info.pixel_format.pixel_bytes(), data)
    } else {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&image.bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        assert_eq!(info.bit_depth, png::BitDepth::Eight);
        (info.width as usize, info.height as usize, info.color_type.samples(), data)
    };
    assert_eq!((width, height), (image.width as usize, image.height as usize));
    let rgb = data.chunks(channels).flat_map(|p| if channels < 3 { [p[0]; 3] } else { [p[0], p[1], p[2]] }).collect();
    (width, height, rgb)
}

#[track_caller]
pub(crate) fn assert_quarters(image: &EncodedImage, expected: [[u8; 3]; 4]) {
    let (width, height, rgb) = decode(image);
    for (quarter, expected) in expected.iter().enumerate() {
        let (x, y) = (width / 4 + quarter % 2 * (width / 2), height / 4 + quarter / 2 * (height / 2));
        let found = &rgb[(y * width + x) * 3..][..3];
        let is_close = found.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 6);
        assert!(is_close, "quarter {quarter} is {found:?}, expected {expected:?}");
    }
}

#[track_caller]
pub(crate) fn assert_shown_as(image: &InspectedImage, expected: [[u8; 3]; 4]) {
    assert_quarters(&image.stored, expected);
    assert_quarters(&image.thumbnail, expected);
    assert_eq!(image.thumbnail.content_type, "image/jpeg");
    assert!(image.thumbnail.width.max(image.thumbnail.height) <= 320);
}

/// xorshift64*, the same bytes on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }
}

impl Iterator for Random {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        Some(self.below(256) as u8)
    }
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
