//! Ruled tables that continue over pages, with their header on each.

use super::flow::Flow;
use super::fonts::Weight;
use super::page::{Colour, tenths_mm};
use super::problem::RenderProblem;
use super::text::{Align, Style};

/// A column; the widths of a table's columns are shares of the width between the margins.
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) share: i32,
    pub(super) align: Align,
}

pub(super) const fn column(title: &'static str, share: i32, align: Align) -> Column {
    Column { title, share, align }
}

/// The look of a table and what stands above it on a page it continues on.
pub(super) struct Table<'a> {
    pub(super) columns: &'a [Column],
    pub(super) body: Style,
    pub(super) leading: i32,
    /// Least height of a row.
    pub(super) row_height: i32,
    /// Title and right-hand note repeated above the header of every further page.
    pub(super) continued: Option<(&'a str, &'a str)>,
}

/// A table being filled: knows where its part on the current page begins.
pub(super) struct Filling<'a> {
    table: &'a Table<'a>,
    /// Left edge and width of each column.
    columns: Vec<(i32, i32)>,
    top: i32,
}

const PADDING: i32 = tenths_mm(12);
const RULE: i32 = 500;

impl<'a> Table<'a> {
    /// Draws the header at the current line.
    pub(super) fn begin(&'a self, flow: &mut Flow) -> Result<Filling<'a>, RenderProblem> {
        let whole: i32 = self.columns.iter().map(|column| column.share).sum();
        let mut before = 0;
        let edge = |shares: i32| flow.left() + flow.width() / whole * shares;
        let columns = self
            .columns
            .iter()
            .map(|column| {
                let left = edge(before);
                before += column.share;
                (left, edge(before) - left)
            })
            .collect();
        let mut filling = Filling { table: self, columns, top: flow.y };
        flow.need(2 * self.row_height);
        filling.header(flow)?;
        Ok(filling)
    }
}

impl Filling<'_> {
    fn header(&mut self, flow: &mut Flow) -> Result<(), RenderProblem> {
        self.top = flow.y;
        let style = Style { weight: Weight::Bold, ..self.table.body };
        let height = self.table.row_height.max(self.table.leading + 2 * PADDING);
        let (left, right) = self.sides();
        flow.page.fill((left, flow.y), (right - left, height), Colour::Tint);
        flow.page.rule((left, flow.y), (right, flow.y), 2 * RULE, Colour::Red);
        let baseline = flow.y + style.baseline(height);
        for (column, (left, width)) in self.table.columns.iter().zip(&self.columns) {
            flow.setter.draw_aligned(&mut flow.page, (*left, baseline), *width, Align::Centre, style, column.title)?;
        }
        flow.y += height;
        flow.page.rule((left, flow.y), (right, flow.y), RULE, Colour::Hairline);
        Ok(())
    }

    /// Adds a row, on a new page where the current one is full. Texts too wide for their column wrap; `\n` breaks.
    pub(super) fn row(&mut self, flow: &mut Flow, cells: &[&str]) -> Result<(), RenderProblem> {
        let (style, leading) = (self.table.body, self.table.leading);
        let mut wrapped: Vec<Vec<&str>> = Vec::new();
        let mut most = 1;
        for (cell, (_, width)) in cells.iter().zip(&self.columns) {
            let lines = flow.setter.lines(cell, style, width - 2 * PADDING)?;
            most = most.max(lines.len());
            wrapped.push(lines);
        }
        let lines_height = i32::try_from(most).unwrap_or(i32::MAX).saturating_mul(leading);
        let height = self.table.row_height.max(lines_height.saturating_add(PADDING * 3 / 2));
        if !flow.fits(height) {
            self.continue_on_next_page(flow)?;
        }
        for ((lines, column), (left, width)) in wrapped.iter().zip(self.table.columns).zip(&self.columns) {
            let block = i32::try_from(lines.len()).unwrap_or(i32::MAX).saturating_mul(leading);
            let mut y = flow.y + (height - block) / 2 + style.baseline(leading);
            for line in lines {
                flow.setter.draw_aligned(
                    &mut flow.page,
                    (left + PADDING, y),
                    width - 2 * PADDING,
                    column.align,
                    style,
                    line,
                )?;
                y += leading;
            }
        }
        flow.y += height;
        let (left, right) = self.sides();
        flow.page.rule((left, flow.y), (right, flow.y), RULE, Colour::Hairline);
        Ok(())
    }

    /// Draws the upright rules of the part on the current page.
    pub(super) fn end(&self, flow: &mut Flow) {
        let (first, right) = self.sides();
        for x in self.columns.iter().map(|(left, _)| *left).chain([right]) {
            // Ends flush with the outer horizontal rules.
            let over = if x == first || x == right { RULE / 2 } else { 0 };
            flow.page.rule((x, self.top - over), (x, flow.y + over), RULE, Colour::Hairline);
        }
    }

    fn continue_on_next_page(&mut self, flow: &mut Flow) -> Result<(), RenderProblem> {
        self.end(flow);
        flow.next_page();
        if let Some((title, note)) = self.table.continued {
            running_head(flow, title, note)?;
        }
        self.header(flow)
    }

    fn sides(&self) -> (i32, i32) {
        let left = self.columns.first().map_or(0, |(left, _)| *left);
        (left, self.columns.last().map_or(left, |(left, width)| left + width))
    }
}

/// A title on the left and a note on the right of one line.
pub(super) fn running_head(flow: &mut Flow, title: &str, note: &str) -> Result<(), RenderProblem> {
    const LEADING: i32 = 20_000;
    let (title_style, note_style) = (Style::bold(13_000).coloured(Colour::Red), Style::regular(9_000));
    let (left, room) = (flow.left(), flow.width());
    let y = flow.y + title_style.baseline(LEADING);
    flow.setter.draw(&mut flow.page, (left, y), title_style, title)?;
    flow.setter.draw_aligned(&mut flow.page, (left, y), room, Align::Right, note_style, note)?;
    flow.y += LEADING + 4_000;
    Ok(())
}
