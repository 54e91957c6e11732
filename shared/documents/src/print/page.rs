//! One page: ruling below, text above, as operations of the PDF library.
//!
//! Lengths are thousandths of a point from the top left corner of the page.

use printpdf::{
    Color, CurTransMat, Line, LinePoint, Mm, Op, PaintMode, PdfFontHandle, PdfPage, Point, Pt, Rect, Rgb, TextItem,
    TextMatrix,
};

use super::fonts::Face;
use super::text::Style;

/// Tenths of a millimetre in thousandths of a point.
pub(super) const fn tenths_mm(tenths: i32) -> i32 {
    tenths * 28_346 / 100
}

/// Width and height of the paper in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) width_mm: u16,
    pub(super) height_mm: u16,
}

impl Paper {
    pub(super) const A4: Self = Self { width_mm: 210, height_mm: 297 };
    /// A4 cut in half and turned: the size of a receipt.
    pub(super) const SLIP: Self = Self { width_mm: 210, height_mm: 148 };

    pub(super) const fn width(self) -> i32 {
        tenths_mm(self.width_mm as i32 * 10)
    }

    pub(super) const fn height(self) -> i32 {
        tenths_mm(self.height_mm as i32 * 10)
    }
}

/// The palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// Body text.
    Ink,
    /// Notes and page numbers.
    Grey,
    /// The union's red: head, key figures, warnings.
    Red,
    /// Table rules.
    Hairline,
    /// Ground of headers and labels.
    Tint,
    /// Watermark.
    Faint,
}

impl Colour {
    fn rgb(self) -> Color {
        let (r, g, b) = match self {
            Self::Ink => (0.1, 0.1, 0.1),
            Self::Grey => (0.4, 0.4, 0.4),
            Self::Red => (0.72, 0.07, 0.1),
            Self::Hairline => (0.6, 0.56, 0.54),
            Self::Tint => (0.97, 0.94, 0.92),
            Self::Faint => (0.98, 0.89, 0.89),
        };
        Color::Rgb(Rgb { r, g, b, icc_profile: None })
    }
}

/// A piece of text in one face; `width` is known from measuring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) face: Face,
    pub(super) style: Style,
    pub(super) width: i32,
}

/// What has been drawn on a page so far.
pub(super) struct Page {
    paper: Paper,
    ruling: Vec<Op>,
    text: Vec<Op>,
    faces: Vec<Face>,
    stroke: Option<(i32, Colour)>,
    fill: Option<Colour>,
    /// Font, size and colour in force, the baseline, and where the last run ended.
    pen: Option<Run>,
}

impl Page {
    pub(super) fn new(paper: Paper) -> Self {
        Self { paper, ruling: Vec::new(), text: Vec::new(), faces: Vec::new(), stroke: None, fill: None, pen: None }
    }

    pub(super) const fn paper(&self) -> Paper {
        self.paper
    }

    /// The faces used, each once.
    pub(super) fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// A straight rule.
    pub(super) fn rule(&mut self, from: (i32, i32), to: (i32, i32), thickness: i32, colour: Colour) {
        if self.stroke != Some((thickness, colour)) {
            self.stroke = Some((thickness, colour));
            self.ruling.push(Op::SetOutlineThickness { pt: points(thickness) });
            self.ruling.push(Op::SetOutlineColor { col: colour.rgb() });
        }
        let points = [from, to].map(|at| LinePoint { p: self.point(at), bezier: false }).to_vec();
        self.ruling.push(Op::DrawLine { line: Line { points, is_closed: false } });
    }

    /// The outline of a box.
    pub(super) fn frame(
        &mut self,
        (left, top): (i32, i32),
        (width, height): (i32, i32),
        thickness: i32,
        colour: Colour,
    ) {
        let (right, bottom) = (left + width, top + height);
        // Half a thickness more at the ends closes the corners.
        let half = thickness / 2;
        for y in [top, bottom] {
            self.rule((left - half, y), (right + half, y), thickness, colour);
        }
        for x in [left, right] {
            self.rule((x, top), (x, bottom), thickness, colour);
        }
    }

    /// A filled box.
    pub(super) fn fill(&mut self, (left, top): (i32, i32), (width, height): (i32, i32), colour: Colour) {
        if self.fill != Some(colour) {
            self.fill = Some(colour);
            self.ruling.push(Op::SetFillColor { col: colour.rgb() });
        }
        let corner = self.point((left, top + height));
        self.ruling.push(Op::DrawRectangle {
            rectangle: Rect {
                x: corner.x,
                y: corner.y,
                width: points(width),
                height: points(height),
                mode: Some(PaintMode::Fill),
                winding_order: None,
            },
        });
    }

    /// Text in one face. Runs on one baseline in one style become one operation, which keeps a long annex small.
    pub(super) fn run(&mut self, run: Run, text: &str) {
        if !self.faces.contains(&run.face) {
            self.faces.push(run.face);
        }
        let continued = self.pen.filter(|pen| (pen.y, pen.face, pen.style) == (run.y, run.face, run.style));
        if let (Some(pen), Some(Op::ShowText { items })) = (continued, self.text.last_mut()) {
            let size = run.style.size;
            let back = (pen.x - run.x) * 1000 / size;
            if back != 0 {
                items.push(TextItem::Offset(back as f32));
            }
            items.push(TextItem::Text(text.to_owned()));
            let x = pen.x - back * size / 1000 + run.width;
            self.pen = Some(Run { x, ..run });
            return;
        }
        let pen = self.pen.replace(Run { x: run.x + run.width, ..run });
        if pen.is_none_or(|pen| pen.style.colour != run.style.colour) {
            self.text.push(Op::SetFillColor { col: run.style.colour.rgb() });
        }
        if pen.is_none_or(|pen| (pen.face, pen.style.size) != (run.face, run.style.size)) {
            self.text.push(Op::SetFont { font: PdfFontHandle::External(run.face.id()), size: points(run.style.size) });
        }
        let at = self.point((run.x, run.y));
        self.text.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(at.x, at.y) });
        self.text.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
    }

    /// Large faint text rising to the right by 30°, below everything drawn later.
    pub(super) fn watermark(&mut self, (x, y): (i32, i32), size: i32, text: &str) {
        let at = self.point((x, y));
        let (sine, minus_sine, cosine) = (0.5, -0.5, 0.866);
        self.faces.push(Face::Bold);
        self.fill = None;
        self.ruling.extend([
            Op::SaveGraphicsState,
            Op::SetTransformationMatrix {
                matrix: CurTransMat::Raw([cosine, sine, minus_sine, cosine, at.x.0, at.y.0]),
            },
            Op::StartTextSection,
            Op::SetFillColor { col: Colour::Faint.rgb() },
            Op::SetFont { font: PdfFontHandle::External(Face::Bold.id()), size: points(size) },
            Op::ShowText { items: vec![TextItem::Text(text.to_owned())] },
            Op::EndTextSection,
            Op::RestoreGraphicsState,
        ]);
    }

    pub(super) fn finish(self) -> PdfPage {
        let mut ops = self.ruling;
        ops.push(Op::StartTextSection);
        ops.extend(self.text);
        ops.push(Op::EndTextSection);
        PdfPage::new(Mm(self.paper.width_mm.into()), Mm(self.paper.height_mm.into()), ops)
    }

    fn point(&self, (x, y): (i32, i32)) -> Point {
        Point { x: points(x), y: points(self.paper.height() - y) }
    }
}

#[expect(clippy::float_arithmetic, reason = "the library's unit; layout is done in integers")]
fn points(thousandths: i32) -> Pt {
    Pt(thousandths as f32 / 1000.0)
}
