//! The zoo of PDFs: what scanners, office programs and attackers upload, and what is said about it.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::io::Write;

use documents::pdf_inspection::{InspectedPdf, PdfProblem, PdfRules, inspect_pdf};
use flate2::{Compression, write::ZlibEncoder};

fn inspect(bytes: &[u8]) -> Result<InspectedPdf, PdfProblem> {
    inspect_pdf(bytes, &PdfRules::ATTACHMENT)
}

/// A file of `objects`, numbered from 1, with a table and trailer as they should be; the catalogue is object 1.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    pdf_with_trailer(objects, "")
}

fn pdf_with_trailer(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        writeln!(file, "{} 0 obj", index + 1).unwrap();
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    write!(file, "{table}trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    file
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    [format!("<<{dictionary}/Length {}>>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Objects of a document with `pages` empty pages and `catalogue` in its catalogue, followed by `others`, the first of
/// which has the number `pages + 3`.
fn objects(pages: usize, catalogue: &str, others: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 3)).collect();
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalogue}>>").into_bytes(),
        format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>").into_bytes(),
    ];
    objects.extend((0..pages).map(|_| b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_vec()));
    objects.extend_from_slice(others);
    objects
}

fn one_page(catalogue: &str, others: &[Vec<u8>]) -> Vec<u8> {
    pdf(&objects(1, catalogue, others))
}

/// A document whose catalogue and pages are in a compressed object stream, found through a cross-reference stream.
fn compressed(catalogue: &str, index: Option<&str>) -> Vec<u8> {
    let parts = [
        format!("<</Type/Catalog/Pages 2 0 R{catalogue}>> "),
        "<</Type/Pages/Count 1/Kids[3 0 R]>> ".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> ".to_owned(),
    ];
    let offsets = [0, parts[0].len(), parts[0].len() + parts[1].len()];
    let index = index.map_or_else(|| format!("1 {} 2 {} 3 {} ", offsets[0], offsets[1], offsets[2]), str::to_owned);
    let content = deflated(format!("{index}{}", parts.concat()).as_bytes());
    let mut file = b"%PDF-1.7\n".to_vec();
    let container = file.len() as u16;
    let dictionary = format!("/Type/ObjStm/N 3/First {}/Filter/FlateDecode", index.len());
    file.extend([b"4 0 obj\n".to_vec(), stream(&dictionary, &content), b"\nendobj\n".to_vec()].concat());
    let start = file.len() as u16;
    let mut rows = vec![0, 0, 0, 0];
    (0..3).for_each(|index| rows.extend([2, 0, 4, index]));
    [container, start].iter().for_each(|offset| rows.extend([1, (offset >> 8) as u8, *offset as u8, 0]));
    let table = stream("/Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Filter/FlateDecode", &deflated(&rows));
    file.extend([b"5 0 obj\n".to_vec(), table, b"\nendobj\n".to_vec()].concat());
    write!(file, "startxref\n{start}\n%%EOF\n").unwrap();
    file
}

#[track_caller]
fn assert_refused(file: &[u8], code: &str) {
    let problem = inspect(file).unwrap_err();
    assert_eq!(problem.code(), code);
    assert!(problem.to_string().contains("上传"), "the sentence says what to do");
}

#[test]
fn plain_documents_are_accepted_with_their_pages() {
    assert_eq!(inspect(&one_page("", &[])), Ok(InspectedPdf { pages: 1 }));
    assert_eq!(inspect(&pdf(&objects(50, "", &[]))), Ok(InspectedPdf { pages: 50 }));
    assert_eq!(inspect(&compressed("", None)), Ok(InspectedPdf { pages: 1 }));
    let content = stream("", b"BT (/JavaScript is only text here) Tj ET");
    assert_eq!(inspect(&one_page("/OpenAction[3 0 R/Fit]", &[content])), Ok(InspectedPdf { pages: 1 }));
    assert_eq!(inspect(&[b"\r\n".as_slice(), &one_page("", &[]), b"\0\r\n"].concat()), Ok(InspectedPdf { pages: 1 }));
}

#[test]
fn a_later_revision_counts() {
    let first = one_page("", &[]);
    let second =
        "2 0 obj\n<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    assert_eq!(inspect(&[&first, second.as_bytes()].concat()), Ok(InspectedPdf { pages: 2 }));
}

#[test]
fn the_page_limit_is_fifty() {
    assert_eq!(inspect(&pdf(&objects(51, "", &[]))), Err(PdfProblem::TooManyPages { max_pages: 50 }));
    assert_refused(&pdf(&objects(5_000, "", &[])), "PDF_TOO_MANY_PAGES");
    assert_refused(&pdf(&objects(0, "", &[])), "PDF_DAMAGED");
}

#[test]
fn active_content_is_refused_wherever_it_is() {
    let action = |action: &str| format!("<</S{action}>>").into_bytes();
    let script = action("/JavaScript/JS(app.alert\\(1\\))");
    for (file, code) in [
        (one_page("/OpenAction 4 0 R", std::slice::from_ref(&script)), "PDF_HAS_SCRIPT"),
        (one_page("/OpenAction<</S/JavaScript/JS(x)>>", &[]), "PDF_HAS_SCRIPT"),
        (one_page("/OpenAction<</S/J#61vaScrip#74>>", &[]), "PDF_HAS_SCRIPT"),
        (one_page("/Names<</JavaScript<</Names[(a)4 0 R]>>>>", &[action("/GoTo")]), "PDF_HAS_SCRIPT"),
        // Not referenced by anything, as in a revision that was replaced.
        (one_page("", &[script]), "PDF_HAS_SCRIPT"),
        (compressed("/OpenAction<</S/JavaScript/JS(x)>>", None), "PDF_HAS_SCRIPT"),
        (compressed("/OpenAction<</S/#4Caunch/F(cmd.exe)>>", None), "PDF_HAS_LAUNCH_ACTION"),
        (one_page("/OpenAction<</S/Launch/F(cmd.exe)>>", &[]), "PDF_HAS_LAUNCH_ACTION"),
        (one_page("/AA<</WC 4 0 R>>", &[action("/GoTo")]), "PDF_HAS_AUTOMATIC_ACTION"),
        (one_page("/Names<</EmbeddedFiles 4 0 R>>", &[action("/GoTo")]), "PDF_HAS_ATTACHMENT"),
        (one_page("", &[stream("/Type/EmbeddedFile", b"MZ")]), "PDF_HAS_ATTACHMENT"),
        (one_page("", &[b"<</Type/Annot/Subtype/RichMedia>>".to_vec()]), "PDF_HAS_RICH_MEDIA"),
        (one_page("/AcroForm<</XFA 4 0 R>>", &[stream("", b"<xdp/>")]), "PDF_HAS_DYNAMIC_FORM"),
        (pdf_with_trailer(&objects(1, "", &[]), "/Encrypt<</Filter/Standard/V 1/R 2/P -4>>"), "PDF_ENCRYPTED"),
    ] {
        assert_refused(&file, code);
    }
    // The table leads a viewer into a stream, where an object hides from a reader of the file.
    let hidden = b"9 0 obj<</S/JavaScript/JS(x)>>endobj";
    assert_refused(&one_page("/OpenAction 9 0 R", &[stream("", hidden)]), "PDF_DAMAGED");
    assert_refused(&one_page("/Title(9 0 obj <</S/Launch>> endobj)", &[]), "PDF_DAMAGED");
}

#[test]
fn incomplete_and_foreign_files_are_refused() {
    let file = pdf(&objects(3, "", &[stream("", b"BT ET")]));
    for cut in 5..file.len() - 6 {
        assert!(inspect(&file[..cut]).is_err(), "cut at {cut}");
    }
    assert_refused(&[&file, b"<script>".as_slice()].concat(), "FILE_HAS_TRAILING_DATA");
    let zip = [b"PK\x05\x06".as_slice(), &[0; 18]].concat();
    assert_refused(&[&file, &zip[..]].concat(), "FILE_HAS_TRAILING_DATA");
    let zip_inside = one_page("", &[stream("", &[&zip[..20], b"\x20\x00"].concat())]);
    assert_refused(&zip_inside, "FILE_HAS_TRAILING_DATA");
    assert_refused(b"\x89PNG\r\n\x1A\n", "FILE_KIND_NOT_ALLOWED");
    assert_refused(&[b"MZ".as_slice(), &file].concat(), "FILE_KIND_NOT_ALLOWED");
    let small = PdfRules { max_bytes: 100, ..PdfRules::ATTACHMENT };
    assert_eq!(inspect_pdf(&file, &small), Err(PdfProblem::TooLarge { max_bytes: 100 }));
}

#[test]
fn loops_end() {
    let file = pdf_with_trailer(&objects(1, "", &[]), "/Prev 15");
    assert_eq!(inspect(&file), Ok(InspectedPdf { pages: 1 }), "the table of the file is not followed");
    let start = file.windows(4).rposition(|window| window == b"xref").unwrap() - 5;
    assert!(inspect(&pdf_with_trailer(&objects(1, "", &[]), &format!("/Prev {start}"))).is_ok());

    let mut own_kid = objects(1, "", &[]);
    own_kid[1] = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R 2 0 R]>>".to_vec();
    assert_refused(&pdf(&own_kid), "PDF_DAMAGED");
    let mut own_reference = objects(1, "", &[]);
    own_reference[1] = b"2 0 R".to_vec();
    assert_refused(&pdf(&own_reference), "PDF_DAMAGED");
    let mut length = objects(1, "", &[]);
    length.push(b"<</Length 4 0 R>>\nstream\nx\nendstream".to_vec());
    assert_eq!(inspect(&pdf(&length)), Ok(InspectedPdf { pages: 1 }));
}

#[test]
fn bombs_are_bounded() {
    let nested =
        |open: &str, close: &str| one_page("", &[[open.repeat(100_000), close.repeat(100_000)].concat().into_bytes()]);
    assert_refused(&nested("[", "]"), "PDF_TOO_COMPLEX");
    assert_refused(&nested("<</A", ">>"), "PDF_TOO_COMPLEX");
    assert_eq!(inspect(&nested("(", ")")), Ok(InspectedPdf { pages: 1 }), "nested text is no structure");
    assert_refused(&one_page("", &[b"0 ".repeat(2_000_001)]), "PDF_TOO_COMPLEX");
    assert_refused(&one_page("", &vec![b"0".to_vec(); 100_001]), "PDF_TOO_COMPLEX");

    let bomb = deflated(&vec![b' '; 200 << 20]);
    let object_stream = stream("/Type/ObjStm/N 0/First 0/Filter/FlateDecode", &bomb);
    assert_refused(&one_page("", &[object_stream]), "PDF_TOO_COMPLEX");
    let picture = stream("/Filter/FlateDecode", &bomb);
    assert_eq!(inspect(&one_page("", &[picture])), Ok(InspectedPdf { pages: 1 }), "content is not inflated");
    let hidden = stream("/Type/ObjStm/N 0/First 0/Filter[/FlateDecode/FlateDecode]", &deflated(&bomb));
    assert_refused(&one_page("", &[hidden]), "PDF_DAMAGED");
    // One long object that the index names three times.
    assert_refused(&compressed("", Some("1 0 2 0 3 0 ")), "PDF_DAMAGED");
}

/// Whatever bytes are changed, the inspection answers, and never with more pages than the file has.
#[test]
fn mutated_files_are_answered() {
    let seeds =
        [pdf(&objects(3, "/OpenAction[3 0 R/Fit]", &[stream("", b"BT (x) Tj ET")])), compressed("/Lang(zh)", None)];
    let mut state = 42_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let alphabet = b"<>[]()/%0123456789 \nRobj#";
    let (mut accepted, rounds) = (0, 5_000);
    for round in 0..rounds {
        let mut file = seeds[round % seeds.len()].clone();
        for _ in 0..=below(5) {
            let at = below(file.len());
            file[at] = if below(2) == 0 { alphabet[below(alphabet.len())] } else { below(256) as u8 };
        }
        if below(8) == 0 {
            file.truncate(below(file.len()));
        }
        if let Ok(found) = inspect(&file) {
            accepted += 1;
            assert!((1..=50).contains(&found.pages));
        }
    }
    assert!((200..rounds - 200).contains(&accepted), "{accepted} accepted: the changes are too mild or too wild");
}
