//! How much of an uploaded file is read before it is refused. Nobody's real roster comes near these figures.

/// Bytes of the file itself.
pub const FILE_BYTES_MAX: usize = 20 * MIB;
/// Bytes of all parts of an `.xlsx` file together once inflated.
pub const UNPACKED_BYTES_MAX: u64 = 300 * MIB as u64;
/// Parts (zip entries) of an `.xlsx` file.
pub const PARTS_MAX: usize = 1_000;
/// Inflated bytes per stored byte, for parts over [`RATIO_FREE_BYTES`]: repetitive sheets reach 30, bombs 1,000.
pub const RATIO_MAX: u64 = 200;
/// Parts that inflate to less than this are not asked for their ratio.
pub const RATIO_FREE_BYTES: u64 = 8 * MIB as u64;
/// Rows below the header that are not blank.
pub const ROWS_MAX: u32 = 200_000;
/// The highest row number a spreadsheet has.
pub const ROW_NUMBER_MAX: u32 = 1_048_576;
/// Columns looked at; what lies to the right of them is ignored.
pub const COLUMNS_MAX: usize = 256;
/// Rows in which the header is looked for.
pub const HEADER_ROW_MAX: u32 = 20;
/// Bytes of one cell's text: a spreadsheet cell holds 32,767 characters, at most three bytes each.
pub const CELL_BYTES_MAX: usize = 3 * 32_767;
/// Bytes as written of what a reader of `.xlsx` buffers at once: a tag, a run of text, a cell, a shared string.
pub const XML_BUFFERED_BYTES_MAX: usize = 512 * 1024;
/// Elements inside one another in a part of an `.xlsx` file.
pub const XML_DEPTH_MAX: usize = 64;
/// Distinct texts of an `.xlsx` file.
pub const SHARED_STRINGS_MAX: usize = 2_000_000;
/// Bytes of the distinct texts of an `.xlsx` file together, as written.
pub const SHARED_STRING_BYTES_MAX: u64 = 96 * MIB as u64;
/// Bytes of the list of sheets of an `.xlsx` file, of their paths, and of the formats: each of the three.
pub const METADATA_BYTES_MAX: u64 = 16 * MIB as u64;
/// Bytes of names and format codes once every cell format, or every sheet, has a copy of the longest.
pub const COPIED_BYTES_MAX: usize = 64 * MIB;
/// Cell formats of an `.xlsx` file, and again what they are made of; Excel itself stops at 65,490.
pub const CELL_FORMATS_MAX: usize = 70_000;
/// Sheets of a workbook.
pub const SHEETS_MAX: usize = 1_000;
/// Cells of the rectangle spanned by an `.xls` sheet, which its reader lays out in memory.
pub const XLS_CELLS_MAX: u64 = 2 * MIB as u64;
/// Characters of a column title that an error quotes.
pub const QUOTED_TITLE_CHARS: usize = 12;
/// Column titles that an error quotes.
pub const QUOTED_TITLES: usize = 12;

const MIB: usize = 1024 * 1024;
