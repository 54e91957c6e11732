//! How the workbooks look: one font that Chinese Excel and WPS have, quiet colours, A4 pages.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

const FONT: &str = "等线";
const FONT_POINTS: u32 = 11;
const HEADER_FILL: Color = Color::RGB(0x00DD_E8F4);
const HEADER_TEXT: Color = Color::RGB(0x001F_3864);
const LINE: Color = Color::RGB(0x00BF_C8D2);
const ALERT_FILL: Color = Color::RGB(0x00FF_C7CE);
const ALERT_TEXT: Color = Color::RGB(0x009C_0006);
const TAB: Color = Color::RGB(0x002F_6EB5);
pub const HEADER_HEIGHT: u32 = 24;
const A4: u8 = 9;
const COMPRESSION_LEVEL: u8 = 3;

/// Document property that names the version of the columns.
const VERSION_PROPERTY: &str = "template-version";
/// Version of the columns and rules of the workbooks written here.
pub const TEMPLATE_VERSION: &str = "1";

/// The formats of all sheets.
pub struct Style {
    pub header: Format,
    /// A cell to be filled in: text, without lines, so that empty rows are not printed.
    pub entry: Format,
    /// The same for a number of shares.
    pub entry_number: Format,
    pub text: Format,
    pub alert: Format,
    pub number: Format,
    pub wrapped: Format,
}

impl Style {
    pub fn new() -> Self {
        let base = Format::new().set_font_name(FONT).set_font_size(FONT_POINTS).set_align(FormatAlign::VerticalCenter);
        let lined = base.clone().set_border(FormatBorder::Thin).set_border_color(LINE);
        let text = lined.clone().set_num_format("@");
        let header = lined.clone().set_bold().set_background_color(HEADER_FILL).set_font_color(HEADER_TEXT);
        Self {
            header: header.set_align(FormatAlign::Center).set_text_wrap(),
            entry: base.clone().set_num_format("@"),
            entry_number: base.clone().set_align(FormatAlign::Center),
            alert: text.clone().set_background_color(ALERT_FILL).set_font_color(ALERT_TEXT),
            text,
            number: lined.clone().set_align(FormatAlign::Center),
            wrapped: lined.set_text_wrap(),
        }
    }
}

/// An empty workbook; the same `created`, the same bytes.
pub fn workbook(title: &str, created: jiff::civil::DateTime) -> Result<Workbook, XlsxError> {
    let created = ExcelDateTime::parse_from_str(&created.strftime("%Y-%m-%dT%H:%M:%S").to_string())?;
    let properties = DocProperties::new()
        .set_title(title)
        .set_company("职工互助保障平台")
        .set_creation_datetime(&created)
        .set_custom_property(VERSION_PROPERTY, TEMPLATE_VERSION);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties).set_zip_compression_level(COMPRESSION_LEVEL);
    Ok(workbook)
}

/// A4, all columns on one page's width, the header on every page, page numbers at its foot.
pub fn set_up_pages(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 0)?;
    sheet.set_footer("&L&A&R第 &P 页 共 &N 页").set_tab_color(TAB);
    Ok(())
}
