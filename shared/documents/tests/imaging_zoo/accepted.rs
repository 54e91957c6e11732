//! What is accepted, and how it is stored and shown.

use documents::imaging::{ImageRules, inspect_image, thumbnail_only};
use jpeg_encoder::{ColorType, Encoder};

use crate::animals::*;

/// A matrix profile (ICC.1:2010) with the primaries given as XYZ in 1/65536 and a gamma in 1/256.
fn icc_profile(primaries: [[u32; 3]; 3], gamma: u16) -> Vec<u8> {
    let xyz = |[x, y, z]: [u32; 3]| {
        [b"XYZ \0\0\0\0".as_slice(), &x.to_be_bytes(), &y.to_be_bytes(), &z.to_be_bytes()].concat()
    };
    let curve = [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &gamma.to_be_bytes(), &[0; 6]].concat();
    let [red, green, blue] = primaries.map(xyz);
    let tags =
        [(b"rXYZ", &red), (b"gXYZ", &green), (b"bXYZ", &blue), (b"rTRC", &curve), (b"gTRC", &curve), (b"bTRC", &curve)];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (name, tag) in tags {
        let offset = (128 + 4 + tags.len() * 12 + data.len()) as u32;
        table.extend([name.as_slice(), &offset.to_be_bytes(), &20_u32.to_be_bytes()].concat());
        data.extend_from_slice(tag);
    }
    let mut header = [0; 128];
    header[0..4].copy_from_slice(&((128 + table.len() + data.len()) as u32).to_be_bytes());
    header[8..24].copy_from_slice(b"\x02\x10\0\0mntrRGB XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    [header.as_slice(), &table, &data].concat()
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
        let png = with_chunks(&rgb_png(), &[chunk(b"eXIf", &exif(orientation))]);
        for file in [jpeg, png] {
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
    let inks = [[0, 255, 255, 0], [255, 0, 255, 0], [255, 255, 0, 0], [0, 0, 0, 0]];
    let at = |index: usize| inks[usize::from(index % 320 >= 160) + 2 * usize::from(index / 320 >= 200)];
    let data: Vec<u8> = (0..320 * 400).flat_map(at).collect();
    for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 90).encode(&data, 320, 400, color).unwrap();
        assert_shown_as(&inspect(&bytes).unwrap(), UPRIGHT);
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
    let display_p3 = icc_profile([[33_759, 15_811, 0], [19_143, 45_349, 2_744], [10_295, 4_376, 51_332]], 563);
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

    let rec_709 = icc_profile([[28_578, 14_581, 912], [25_241, 46_981, 6_362], [9_376, 3_974, 46_799]], 563);
    let image = inspect(&tagged(&rec_709)).unwrap();
    assert_quarters(&image.stored, [[100, 150, 100]; 4]);

    let broken = inspect(&tagged(&display_p3[..200])).unwrap();
    assert_shown_as(&broken, [[100, 150, 100]; 4]);
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
}
