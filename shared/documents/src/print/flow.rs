//! Pages filled from top to bottom.

use super::page::{Colour, Page, Paper, tenths_mm};
use super::problem::RenderProblem;
use super::text::{Align, Style, Typesetter};

/// Space kept free at the edges of a page, in tenths of a millimetre.
#[derive(Debug, Clone, Copy)]
pub(super) struct Margins {
    pub(super) top: i32,
    pub(super) side: i32,
    pub(super) bottom: i32,
}

/// A document being set: finished pages, the current one, and how far down it is filled.
pub(super) struct Flow {
    pub(super) setter: Typesetter,
    pub(super) page: Page,
    /// Next free line of the current page.
    pub(super) y: i32,
    done: Vec<Page>,
    margins: Margins,
}

impl Flow {
    pub(super) fn new(setter: Typesetter, paper: Paper, margins: Margins) -> Self {
        Self { setter, page: Page::new(paper), y: tenths_mm(margins.top), done: Vec::new(), margins }
    }

    pub(super) const fn left(&self) -> i32 {
        tenths_mm(self.margins.side)
    }

    /// Width between the side margins.
    pub(super) const fn width(&self) -> i32 {
        self.page.paper().width() - 2 * self.left()
    }

    pub(super) const fn bottom(&self) -> i32 {
        self.page.paper().height() - tenths_mm(self.margins.bottom)
    }

    pub(super) const fn fits(&self, height: i32) -> bool {
        self.y + height <= self.bottom()
    }

    pub(super) fn next_page(&mut self) {
        let next = Page::new(self.page.paper());
        self.done.push(std::mem::replace(&mut self.page, next));
        self.y = tenths_mm(self.margins.top);
    }

    /// Starts a new page unless `height` is still free.
    pub(super) fn need(&mut self, height: i32) {
        if !self.fits(height) {
            self.next_page();
        }
    }

    pub(super) fn skip(&mut self, tenths: i32) {
        self.y += tenths_mm(tenths);
    }

    /// One line across the page.
    pub(super) fn line(&mut self, style: Style, leading: i32, align: Align, text: &str) -> Result<(), RenderProblem> {
        self.need(leading);
        let at = (self.left(), self.y + style.baseline(leading));
        let room = self.width();
        self.setter.draw_aligned(&mut self.page, at, room, align, style, text)?;
        self.y += leading;
        Ok(())
    }

    /// Lines behind a hanging `mark` such as `1．`.
    pub(super) fn paragraph(
        &mut self,
        style: Style,
        leading: i32,
        mark: &str,
        text: &str,
    ) -> Result<(), RenderProblem> {
        let indent = self.setter.width(mark, style)?;
        let lines = self.setter.lines(text, style, self.width() - indent)?;
        for (number, line) in lines.into_iter().enumerate() {
            self.need(leading);
            let (left, y) = (self.left(), self.y + style.baseline(leading));
            if number == 0 {
                self.setter.draw(&mut self.page, (left, y), style, mark)?;
            }
            self.setter.draw(&mut self.page, (left + indent, y), style, line)?;
            self.y += leading;
        }
        Ok(())
    }

    /// All pages, each with its foot: `left` on the left, its number and the number of pages on the right.
    pub(super) fn finish(mut self, left: &str) -> Result<Vec<Page>, RenderProblem> {
        let (x, room) = (self.left(), self.width());
        let mut pages = self.done;
        pages.push(self.page);
        let count = pages.len();
        let style = Style::regular(8_000).coloured(Colour::Grey);
        for (index, page) in pages.iter_mut().enumerate() {
            let y = page.paper().height() - tenths_mm(self.margins.bottom * 55 / 100);
            page.rule((x, y - 11_000), (x + room, y - 11_000), 400, Colour::Hairline);
            self.setter.draw(page, (x, y), style, left)?;
            let number = format!("第 {} 页 / 共 {count} 页", index + 1);
            self.setter.draw_aligned(page, (x, y), room, Align::Right, style, &number)?;
        }
        Ok(pages)
    }
}
