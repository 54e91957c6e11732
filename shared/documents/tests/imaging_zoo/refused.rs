//! What is refused, and as what.

use documents::imaging::{FileKind, ImageProblem, ImageRules, inspect_image, sniff, thumbnail_only};
use jpeg_encoder::{ColorType, Encoder};

use crate::animals::*;

#[test]
fn truncated_files_are_refused_wherever_they_are_cut() {
    let codings = [
        jpeg(),
        jpeg_with(320, 400, |encoder| encoder.set_progressive(true)),
        jpeg_with(320, 400, |encoder| encoder.set_restart_interval(50)),
        include_bytes!("../imaging_fixtures/progressive.jpg").to_vec(),
        rgb_png(),
    ];
    for file in codings {
        for cut in (8..file.len() - 2).step_by(7) {
            assert!(inspect(&file[..cut]).is_err(), "cut at {cut} of {}", file.len());
        }
        assert_eq!(inspect(&file[..file.len() * 2 / 3]), Err(ImageProblem::Truncated));
    }
}

#[test]
fn a_cut_scan_is_found_behind_a_new_end_marker() {
    let noise: Vec<u8> = Random(7).take(320 * 400 * 3).collect();
    for progressive in [false, true] {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 85);
        encoder.set_progressive(progressive);
        encoder.encode(&noise, 320, 400, ColorType::Rgb).unwrap();
        let first_scan = file.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        for cut in (first_scan + 20..file.len() - 20).step_by(997) {
            let cut = if file[cut - 1] == 0xFF { cut - 1 } else { cut };
            let patched = [&file[..cut], &[0xFF, 0xD9]].concat();
            let problem = inspect(&patched).unwrap_err();
            assert!(matches!(problem, ImageProblem::Truncated | ImageProblem::Damaged), "{problem:?}");
        }
    }
}

#[test]
fn a_png_with_too_little_pixel_data_is_refused() {
    let whole = rgb_png();
    let data = whole.windows(4).position(|kind| kind == b"IDAT").unwrap() + 4;
    let short = [&whole[..33], &chunk(b"IDAT", &whole[data..data + 60]), &chunk(b"IEND", b"")].concat();
    assert!(matches!(inspect(&short), Err(ImageProblem::Truncated | ImageProblem::Damaged)));
}

#[test]
fn polyglots_are_refused() {
    let zip = [b"PK\x05\x06".as_slice(), &[0; 18]].concat();
    let payloads =
        [b"<script>alert(1)</script>".as_slice(), b"%PDF-1.7\n%%EOF", &zip, b"<HTML><body>", b"MZ\x90\0", b"x"];
    for file in [jpeg(), rgb_png()] {
        for payload in payloads {
            let appended = inspect(&[&file, payload].concat());
            assert_eq!(appended, Err(ImageProblem::HasTrailingData), "{}", payload.escape_ascii());
            let prepended = inspect(&[payload, &file].concat());
            assert!(matches!(prepended, Err(ImageProblem::KindNotAllowed(_))), "{}", payload.escape_ascii());
        }
    }
    for payload in [b"<?php system(1);".as_slice(), b"%PDF-1.4", &zip] {
        let comment = [b"\xFF\xFE\x00".as_slice(), &[payload.len() as u8 + 2], payload].concat();
        let file = jpeg();
        assert_eq!(inspect(&[&file[..2], &comment, &file[2..]].concat()), Err(ImageProblem::HasTrailingData));
        let text = chunk(b"tEXt", &[b"Comment\0", payload].concat());
        assert_eq!(inspect(&with_chunks(&rgb_png(), &[text])), Err(ImageProblem::HasTrailingData));
    }
    let file = jpeg();
    let before_end = [&file[..file.len() - 2], b"<script>", &file[file.len() - 2..]].concat();
    assert_eq!(inspect(&before_end), Err(ImageProblem::HasTrailingData));
}

#[test]
fn dimensions_are_checked_before_memory_is_spent() {
    let header = |width: u32, height: u32| {
        let data = [&width.to_be_bytes(), &height.to_be_bytes(), [8, 2, 0, 0].as_slice(), &[0]].concat();
        [b"\x89PNG\r\n\x1A\n".as_slice(), &chunk(b"IHDR", &data), &chunk(b"IDAT", &[]), &chunk(b"IEND", &[])].concat()
    };
    let flood = header(0x7FFF_FFFF, 0x7FFF_FFFF);
    assert!(flood.len() < 66);
    assert!(matches!(inspect(&flood), Err(ImageProblem::TooManyPixels { .. })));
    assert!(matches!(thumbnail_only(&flood), Err(ImageProblem::TooManyPixels { .. })));
    assert!(matches!(inspect(&header(10_000, 5_001)), Err(ImageProblem::TooManyPixels { .. })));
    assert!(matches!(inspect(&header(10_000, 5_000)), Err(ImageProblem::Truncated | ImageProblem::Damaged)));
    assert_eq!(inspect(&header(0, 400)), Err(ImageProblem::Damaged));

    let mut claims = jpeg();
    let frame = claims.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    claims[frame + 5..frame + 9].fill(0xFF);
    assert!(matches!(inspect(&claims), Err(ImageProblem::TooManyPixels { width: 65_535, height: 65_535, .. })));

    let small = |width, height| inspect(&jpeg_with(width, height, |_| ()));
    assert_eq!(small(299, 400), Err(ImageProblem::TooSmall { width: 299, height: 400, min_edge: 300 }));
    assert!(matches!(small(400, 299), Err(ImageProblem::TooSmall { .. })));
    let smallest = small(300, 300).unwrap();
    assert_eq!((smallest.thumbnail.width, smallest.thumbnail.height), (300, 300), "never enlarged");
    assert!(matches!(
        inspect_image(&jpeg(), &ImageRules { max_bytes: 100, ..RULES }),
        Err(ImageProblem::TooLarge { .. })
    ));
}

#[test]
fn kinds_are_told_by_content() {
    let kinds: [(&[u8], FileKind); 13] = [
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileKind::Heic),
        (b"RIFF\x24\0\0\0WEBPVP8 ", FileKind::Webp),
        (b"GIF89a\x01\0\x01\0", FileKind::Gif),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", FileKind::Markup),
        (b"<?xml version=\"1.0\"?><svg/>", FileKind::Markup),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", FileKind::Bmp),
        (b"II\x2A\0\x08\0\0\0", FileKind::Tiff),
        (b"PK\x03\x04\x14\0", FileKind::Zip),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::Ole),
        (b"\xEF\xBB\xBF%PDF-1.7", FileKind::Pdf),
        (b"", FileKind::Unknown),
        (b"\xFF\xD8", FileKind::Unknown),
        ("姓名,身份证号码".as_bytes(), FileKind::Unknown),
    ];
    for (bytes, kind) in kinds {
        assert_eq!(sniff(bytes), kind);
        let problem = inspect(bytes).unwrap_err();
        assert_eq!(problem, ImageProblem::KindNotAllowed(kind));
        assert_eq!(problem.code(), "FILE_KIND_NOT_ALLOWED");
        assert!(problem.to_string().contains("请上传 JPG 或 PNG"));
    }
    assert_eq!((sniff(&jpeg()), sniff(&rgb_png())), (FileKind::Jpeg, FileKind::Png));
}

#[test]
fn rare_jpeg_codings_are_refused_with_advice() {
    for (marker, precision) in [(0xC9, 8), (0xC3, 8), (0xC5, 8), (0xC0, 12)] {
        let mut file = jpeg();
        let frame = file.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        file[frame + 1] = marker;
        file[frame + 4] = precision;
        assert_eq!(inspect(&file), Err(ImageProblem::Unsupported));
    }
}

/// Whatever bytes are changed, the inspection answers; and what it accepts it accepts again as stored.
#[test]
fn mutated_files_are_refused_or_cleaned() {
    let seeds = [
        jpeg_with(300, 300, |encoder| encoder.add_exif_metadata(&exif(1)).unwrap()),
        jpeg_with(300, 300, |encoder| encoder.add_exif_metadata(&exif(6)).unwrap()),
        jpeg_with(300, 300, |encoder| encoder.set_progressive(true)),
        include_bytes!("../imaging_fixtures/cmyk.jpg").to_vec(),
        include_bytes!("../imaging_fixtures/interlaced.png").to_vec(),
        include_bytes!("../imaging_fixtures/palette.png").to_vec(),
        include_bytes!("../imaging_fixtures/sixteen-bit.png").to_vec(),
    ];
    let mut random = Random(42);
    let mut accepted = 0;
    for round in 0..3_000 {
        let mut file = seeds[round % seeds.len()].clone();
        for _ in 0..=random.below(6) {
            // Half of the changes hit headers, where structure is.
            let reach = if random.below(2) == 0 { file.len().min(700) } else { file.len() };
            let at = random.below(reach);
            file[at] = random.below(256) as u8;
        }
        if random.below(8) == 0 {
            file.truncate(random.below(file.len()));
        }
        let rules = ImageRules { max_pixels: 1_000_000, ..RULES };
        if let Ok(image) = inspect_image(&file, &rules) {
            accepted += 1;
            let again = inspect_image(&image.stored.bytes, &rules).unwrap();
            assert!(again.stored == image.stored, "round {round}");
        }
    }
    assert!((100..2_900).contains(&accepted), "{accepted} accepted: the changes are too mild or too wild");
}
