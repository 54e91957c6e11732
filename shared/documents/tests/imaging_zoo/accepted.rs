//! What is accepted, and how it is stored and shown.

use std::io::Write;

use documents::imaging::{ImageRules, inspect_image, thumbnail_only};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jpeg_encoder::{ColorType, Encoder};

use crate::animals::*;

const DISPLAY_P3: [[u32; 3]; 3] = [[33_759, 15_811, 0], [19_143, 45_349, 2_744], [10_295, 4_376, 51_332]];
const REC_709: [[u32; 3]; 3] = [[28_578, 14_581, 912], [25_241, 46_981, 6_362], [9_376, 3_974, 46_799]];
/// In 1/256, as profiles have it.
const GAMMA_2_2: u16 = 563;

/// A matrix profile (ICC.1:2010) with the primaries given as XYZ in 1/65536 and a gamma in 1/256.
fn icc_profile(primaries: [[u32; 3]; 3], gamma: u16) -> Vec<u8> {
    let xyz = |[x, y, z]: [u32; 3]| {
        [b"XYZ \0\0\0\0".as_slice(), &x.to_be_bytes(), &y.to_be_bytes(), &z.to_be_bytes()].concat()
    };
    let curve = [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &gamma.to_be_bytes(), &[0; 6]].concat();
    let [red, green, blue] = primaries.map(xyz);
    let tags =
        [(b"rXYZ", &red), (b"gXYZ", &green), (b"bXYZ", &blue), (b"rTRC", &curve), (b"gTRC", &curve), (b"bTRC", &curve)];
    profile_of(b"mntrRGB XYZ ", &tags.map(|(name, tag)| (name, tag.as_slice())))
}

/// A profile whose inks all print as paper white, by a table (ICC.1:2010 §10.9) of two points for each ink.
fn white_ink_profile() -> Vec<u8> {
    const INKS: u8 = 4;
    const LAB: u8 = 3;
    const POINTS: u8 = 2;
    let identity =
        [[1_u32, 0, 0], [0, 1, 0], [0, 0, 1]].as_flattened().iter().flat_map(|one| (one << 16).to_be_bytes());
    let curve: Vec<u8> = (0..=255).collect();
    let white = [255, 128, 128].repeat(usize::from(POINTS.pow(INKS.into())));
    let head = [b"mft1\0\0\0\0".as_slice(), &[INKS, LAB, POINTS, 0], &identity.collect::<Vec<_>>()].concat();
    let table = [head, curve.repeat(INKS.into()), white, curve.repeat(LAB.into())].concat();
    profile_of(b"prtrCMYKLab ", &[(b"A2B0", &table)])
}

/// A profile of `class`, that is kind, colours and connection space, with these tags.
fn profile_of(class: &[u8; 12], tags: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (name, tag) in tags {
        let offset = (128 + 4 + tags.len() * 12 + data.len()) as u32;
        table.extend([name.as_slice(), &offset.to_be_bytes(), &(tag.len() as u32).to_be_bytes()].concat());
        data.extend_from_slice(tag);
    }
    let mut header = [0; 128];
    header[0..4].copy_from_slice(&((128 + table.len() + data.len()) as u32).to_be_bytes());
    header[8..12].copy_from_slice(b"\x02\x10\0\0");
    header[12..24].copy_from_slice(class);
    header[36..40].copy_from_slice(b"acsp");
    [header.as_slice(), &table, &data].concat()
}

fn inks_of_the_quarters() -> Vec<u8> {
    let inks = [[0, 255, 255, 0], [255, 0, 255, 0], [255, 255, 0, 0], [0, 0, 0, 0]];
    let at = |index: usize| inks[usize::from(index % 320 >= 160) + 2 * usize::from(index / 320 >= 200)];
    (0..320 * 400).flat_map(at).collect()
}

#[test]
fn orientation_is_applied_to_every_product() {
    let [r, g, b, w] = UPRIGHT;
    let seen = [
        [r, g, b, w],
        [g, r, w, b],
        [w, b, g, r],
        [b, w, r, g],
        [r, b, g, w],
        [b, r, w, g],
        [w, g, b, r],
        [g, w, r, b],
    ];
    for (orientation, expected) in (1..=8).zip(seen) {
        let size = if orientation >= 5 { (400, 320) } else { (320, 400) };
        let jpeg = jpeg_with(320, 400, |encoder| encoder.add_exif_metadata(&exif(orientation)).unwrap());
        let tag = chunk(b"eXIf", &exif(orientation));
        let (picture, end) = rgb_png().split_last_chunk::<12>().map(|(picture, end)| (picture.to_vec(), *end)).unwrap();
        let tagged_behind = [picture, tag.clone(), end.to_vec()].concat();
        for file in [jpeg, with_chunks(&rgb_png(), &[tag]), tagged_behind] {
            let image = inspect(&file).unwrap();
            assert_eq!((image.stored.width, image.stored.height), size, "orientation {orientation}");
            assert_shown_as(&image, expected);
            assert_quarters(&thumbnail_only(&file).unwrap(), expected);
        }
    }
}

#[test]
fn every_coding_becomes_upright_srgb_of_eight_bits() {
    let sixteen = include_bytes!("../imaging_fixtures/sixteen-bit.png");
    for file in [
        sixteen.as_slice(),
        include_bytes!("../imaging_fixtures/interlaced.png"),
        include_bytes!("../imaging_fixtures/palette.png"),
        include_bytes!("../imaging_fixtures/progressive.jpg"),
        include_bytes!("../imaging_fixtures/cmyk.jpg"),
        &jpeg_with(320, 400, |encoder| encoder.set_progressive(true)),
        &jpeg_with(320, 400, |encoder| encoder.set_restart_interval(3)),
        &jpeg_with(320, 400, |encoder| encoder.set_optimized_huffman_tables(true)),
    ] {
        assert_shown_as(&inspect(file).unwrap(), UPRIGHT);
    }
    let stored = inspect(include_bytes!("../imaging_fixtures/cmyk.jpg")).unwrap().stored;
    let mut decoder = jpeg_decoder::Decoder::new(stored.bytes.as_slice());
    decoder.read_info().unwrap();
    assert_eq!(decoder.info().unwrap().pixel_format, jpeg_decoder::PixelFormat::RGB24);
    assert_eq!(inspect(sixteen).unwrap().stored.bytes[24], 8, "bit depth");
}

#[test]
fn adobe_cmyk_which_is_stored_inverted_keeps_its_colours() {
    for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 90).encode(&inks_of_the_quarters(), 320, 400, color).unwrap();
        assert_shown_as(&inspect(&bytes).unwrap(), UPRIGHT);
    }
}

#[test]
fn inks_print_as_their_profile_has_it() {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.add_icc_profile(&white_ink_profile()).unwrap();
    encoder.encode(&inks_of_the_quarters(), 320, 400, ColorType::Cmyk).unwrap();
    assert_shown_as(&inspect(&bytes).unwrap(), [WHITE; 4]);
}

#[test]
fn sixteen_bits_become_eight_in_every_colour_type() {
    let sample = 0x6428_u16.to_be_bytes();
    let clear = 0x8000_u16.to_be_bytes();
    let kinds = [
        (png::ColorType::Grayscale, sample.to_vec(), [100; 3]),
        (png::ColorType::GrayscaleAlpha, [sample, clear].concat(), [177; 3]),
        (png::ColorType::Rgb, [sample, [0, 0], [255, 255]].concat(), [100, 0, 255]),
        (png::ColorType::Rgba, [sample, [0, 0], [255, 255], clear].concat(), [177, 127, 255]),
    ];
    for (color, pixel, shown) in kinds {
        let image = inspect(&png(color, png::BitDepth::Sixteen, &pixel.repeat(320 * 400))).unwrap();
        assert_quarters(&image.thumbnail, [shown; 4]);
        assert_eq!(image.stored.bytes[24..26], [8, color as u8], "bit depth and colour type");
    }
}

#[test]
fn grey_stays_grey_and_transparency_becomes_white_in_the_thumbnail() {
    let grey = inspect(include_bytes!("../imaging_fixtures/grey.jpg")).unwrap();
    let (width, _, rgb) = decode(&grey.thumbnail);
    assert!(rgb[(20 * width + 20) * 3] < 140, "red is dark in grey");
    assert!(rgb.last().unwrap() > &250);

    let clear: Vec<u8> = [0, 0, 0, 0].repeat(320 * 400);
    let image = inspect(&png(png::ColorType::Rgba, png::BitDepth::Eight, &clear)).unwrap();
    assert_quarters(&image.thumbnail, [WHITE; 4]);
    assert_quarters(&image.stored, [[0; 3]; 4]);
    let half: Vec<u8> = [0, 128].repeat(320 * 400);
    let image = inspect(&png(png::ColorType::GrayscaleAlpha, png::BitDepth::Eight, &half)).unwrap();
    assert_quarters(&image.thumbnail, [[127; 3]; 4]);
}

#[test]
fn wide_gamut_colours_are_converted_and_the_profile_is_gone() {
    let display_p3 = icc_profile(DISPLAY_P3, GAMMA_2_2);
    let tagged = |profile: &[u8]| {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 95);
        encoder.add_icc_profile(profile).unwrap();
        encoder.encode(&[100, 150, 100].repeat(320 * 400), 320, 400, ColorType::Rgb).unwrap();
        bytes
    };
    let image = inspect(&tagged(&display_p3)).unwrap();
    let (_, _, rgb) = decode(&image.stored);
    assert!(rgb[0] < 90 && rgb[1] > 149, "green is greener in sRGB: {:?}", &rgb[..3]);
    assert_quarters(&image.thumbnail, [[rgb[0], rgb[1], rgb[2]]; 4]);
    assert!(!contains(&image.stored.bytes, b"ICC_PROFILE"));

    let rec_709 = icc_profile(REC_709, GAMMA_2_2);
    let image = inspect(&tagged(&rec_709)).unwrap();
    assert_quarters(&image.stored, [[100, 150, 100]; 4]);

    let broken = inspect(&tagged(&display_p3[..200])).unwrap();
    assert_shown_as(&broken, [[100, 150, 100]; 4]);
}

#[test]
fn a_profile_that_changes_no_colour_goes_and_the_pixels_stay() {
    let tagged = |primaries| {
        let profile = icc_profile(primaries, GAMMA_2_2);
        let mut packed = ZlibEncoder::new(b"profile\0\0".to_vec(), Compression::default());
        packed.write_all(&profile).unwrap();
        with_chunks(&rgb_png(), &[chunk(b"iCCP", &packed.finish().unwrap())])
    };
    assert!(inspect(&tagged(REC_709)).unwrap().stored.bytes == rgb_png());
    let converted = inspect(&tagged(DISPLAY_P3)).unwrap();
    assert!(!contains(&converted.stored.bytes, b"iCCP"));
    assert_ne!(decode(&converted.stored).2, quarters(320, 400));
}

#[test]
fn metadata_is_removed_and_the_pixels_stay_as_they_were() {
    let tagged = jpeg_with(640, 480, |encoder| {
        encoder.add_exif_metadata(&exif(1)).unwrap();
        encoder.add_app_segment(1, b"http://ns.adobe.com/xap/1.0/\0GPS 39.9042N".to_vec()).unwrap();
        encoder.add_app_segment(13, b"GPS 116.4074E".to_vec()).unwrap();
    });
    let commented = [&tagged[..2], b"\xFF\xFE\x00\x0BGPS text\x00", &tagged[2..]].concat();
    let image = inspect(&commented).unwrap();
    assert!(image.stored.bytes == jpeg_with(640, 480, |_| ()), "the same file as without metadata");

    let text = [chunk(b"tEXt", b"Comment\0GPS 39.9042N"), chunk(b"eXIf", &exif(1)), chunk(b"tIME", b"GPS 116")];
    let png = inspect(&with_chunks(&rgb_png(), &text)).unwrap();
    assert!(png.stored.bytes == rgb_png());

    let turned = inspect(&jpeg_with(320, 400, |encoder| encoder.add_exif_metadata(&exif(6)).unwrap())).unwrap();
    for bytes in [&image.thumbnail.bytes, &png.thumbnail.bytes, &turned.stored.bytes, &turned.thumbnail.bytes] {
        assert!(!contains(bytes, b"GPS") && !contains(bytes, b"Exif"));
    }
}

#[test]
fn the_still_picture_of_an_animation_is_kept() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 320, 400);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&quarters(320, 400)).unwrap();
    writer.write_image_data(&[0; 320 * 400 * 3]).unwrap();
    writer.finish().unwrap();
    let image = inspect(&bytes).unwrap();
    assert_shown_as(&image, UPRIGHT);
    assert!(
        contains(&bytes, b"fdAT") && !contains(&image.stored.bytes, b"fdAT") && !contains(&image.stored.bytes, b"acTL")
    );
}

#[test]
fn previews_are_made_of_what_is_larger_than_they_are() {
    assert_eq!(inspect(&jpeg()).unwrap().preview, None);
    let image = inspect(&jpeg_with(2400, 1800, |_| ())).unwrap();
    let preview = image.preview.unwrap();
    assert_eq!((preview.width, preview.height), (1600, 1200));
    assert_quarters(&preview, UPRIGHT);
    assert_eq!((image.thumbnail.width, image.thumbnail.height), (320, 240));
    assert_eq!(inspect_image(&jpeg_with(2400, 1800, |_| ()), &ImageRules::ATTACHMENT).unwrap().preview, None);
}

#[test]
fn what_cameras_append_is_dropped() {
    let film = [b"\0\0\0\x18ftypmp42".as_slice(), &[7; 400]].concat();
    for trailer in [jpeg(), film, vec![0; 4096]] {
        let image = inspect(&[jpeg(), trailer].concat()).unwrap();
        assert!(image.stored.bytes == jpeg());
    }
}

#[test]
fn fifty_megapixels_are_accepted() {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 50).encode(&vec![128; 50_000_000], 10_000, 5_000, ColorType::Luma).unwrap();
    let image = inspect(&bytes).unwrap();
    assert_eq!((image.thumbnail.width, image.thumbnail.height), (320, 160));
    assert_eq!(image.preview.unwrap().width, 1600);

    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 10_000, 5_000);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fastest);
    encoder.write_header().unwrap().write_image_data(&vec![128; 150_000_000]).unwrap();
    let image = inspect(&bytes).unwrap();
    assert_quarters(&image.thumbnail, [[128; 3]; 4]);
    assert!(image.stored.bytes == bytes);
}
