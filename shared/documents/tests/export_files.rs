//! Exports are read back by calamine, whatever the number of parts.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use documents::export::{Position, assembly, part};
use domain::export::{Cell, Column, Holds};
use domain::money::Fen;
use jiff::civil::date;

const COLUMNS: [Column; 6] = [
    Column { title: "姓名", holds: Holds::Text, width: 12 },
    Column { title: "证件号码", holds: Holds::Text, width: 22 },
    Column { title: "人数", holds: Holds::Whole, width: 8 },
    Column { title: "金额", holds: Holds::Money, width: 14 },
    Column { title: "到账日期", holds: Holds::Day, width: 12 },
    Column { title: "确认时间", holds: Holds::Instant, width: 20 },
];

fn rows(count: u32) -> Vec<Vec<Cell>> {
    let texts = ["张三", "=1+1", "+86", "-", "@x", "\t=1", "𠮷 & <李> \"四\"", "a\u{7}_x0041_\r\nb", ""];
    let row = |n: u32| {
        vec![
            texts[n as usize % texts.len()].into(),
            "110101199003071233".into(),
            n.into(),
            Fen::new(i64::from(n) * 9_501 - 100).into(),
            date(2026, 11, 22).into(),
            if n.is_multiple_of(2) { date(2026, 11, 22).at(13, 14, 15, 0).into() } else { Cell::Empty },
        ]
    };
    (0..count).map(row).collect()
}

/// A workbook of some rows, in parts of these many.
fn workbook(rows: &[Vec<Cell>], sizes: &[usize]) -> Vec<u8> {
    let (mut parts, mut packed, mut at) = (Vec::new(), Vec::new(), 0);
    for (n, size) in sizes.iter().enumerate() {
        let position = Position { first: n == 0, last: n + 1 == sizes.len(), rows_before: u32::try_from(at).unwrap() };
        let (part, bytes) = part(&COLUMNS, &rows[at..at + size], position).unwrap();
        assert_eq!((part.rows as usize, part.packed as usize), (*size, bytes.len()));
        parts.push(part);
        packed.extend(bytes);
        at += size;
    }
    assert_eq!(at, rows.len());
    let ends = assembly("到账", &parts, date(2026, 11, 22).at(9, 0, 0, 0)).unwrap();
    [ends.head, packed, ends.tail].concat()
}

fn read(file: Vec<u8>) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(file)).unwrap();
    assert_eq!(book.sheet_names(), ["到账"]);
    book.worksheet_range("到账").unwrap()
}

#[test]
fn cells_come_back_as_what_they_were() {
    let rows = rows(9);
    let sheet = read(workbook(&rows, &[9]));
    let titles: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(titles, COLUMNS.map(|column| column.title));
    for (given, got) in rows.iter().zip(sheet.rows().skip(1)) {
        let Cell::Text(name) = &given[0] else { panic!("a name is text") };
        assert_eq!(got[0].to_string(), *name);
        assert_eq!(got[1], Data::String("110101199003071233".to_owned()));
        let (Cell::Whole(number), Cell::Money(amount)) = (&given[2], &given[3]) else { panic!("numbers") };
        assert_eq!(got[2].to_string(), number.to_string());
        assert_eq!(got[3].to_string().parse::<f64>().unwrap(), format!("{}e-2", amount.fen()).parse::<f64>().unwrap());
        let (Data::DateTime(day), at) = (&got[4], &got[5]) else { panic!("{:?} is no day", got[4]) };
        assert_eq!(day.to_ymd_hms_milli(), (2026, 11, 22, 0, 0, 0, 0));
        match at {
            Data::DateTime(at) => assert_eq!(at.to_ymd_hms_milli(), (2026, 11, 22, 13, 14, 15, 0)),
            other => assert_eq!((other, &given[5]), (&Data::Empty, &Cell::Empty)),
        }
    }
}

#[test]
fn parts_make_the_same_sheet_as_one() {
    let rows = rows(3_000);
    let whole = read(workbook(&rows, &[3_000]));
    assert_eq!(whole.height(), 3_001);
    for sizes in [vec![1, 2_999], vec![2_999, 1], vec![1_000; 3], vec![0, 3_000, 0], vec![1_500, 0, 1_500]] {
        assert!(read(workbook(&rows, &sizes)) == whole, "{sizes:?}");
    }
    assert_eq!(workbook(&rows, &[1_000; 3]), workbook(&rows, &[1_000; 3]), "the same parts, the same bytes");
}

#[test]
fn nothing_found_is_a_heading() {
    assert_eq!(read(workbook(&[], &[0])).height(), 1);
}

#[test]
fn what_a_sheet_cannot_hold_is_refused() {
    let (mut part, _) = part(&COLUMNS, &[], Position { first: true, last: true, rows_before: 0 }).unwrap();
    part.unpacked = u64::from(u32::MAX) + 1;
    assert!(assembly("到账", &[part], date(2026, 11, 22).at(9, 0, 0, 0)).is_err());
}
