//! Elements of a picture as text. Whatever comes from outside is escaped here and nowhere else.

use crate::text::shown;

/// Elements, one a line.
#[derive(Debug, Default)]
pub(super) struct Xml {
    out: String,
}

/// Where a text stands relative to its x.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Xml {
    /// `fixed` is markup of the program itself.
    pub(super) fn fixed(&mut self, fixed: &str) {
        self.out.push_str(fixed);
        self.out.push('\n');
    }

    pub(super) fn append(&mut self, other: &Xml) {
        self.out.push_str(&other.out);
    }

    /// An element with nothing but text in it.
    pub(super) fn element(&mut self, name: &str, text: &str) {
        self.fixed(&format!("<{name}>{}</{name}>", escape(text)));
    }

    pub(super) fn text(&mut self, class: &str, (x, y): (i64, i64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        self.fixed(&format!(r#"<text class="{class}" x="{x}" y="{y}"{anchor}>{}</text>"#, escape(text)));
    }

    pub(super) fn rect(&mut self, class: &str, (x, y): (i64, i64), (width, height): (i64, i64)) {
        self.fixed(&format!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#));
    }

    pub(super) fn line(&mut self, class: &str, (x1, y1): (i64, i64), (x2, y2): (i64, i64)) {
        self.fixed(&format!(r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#));
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// Safe as text and in an attribute, in one line; what XML cannot hold is hidden, and so made visible.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in shown(&text.replace(['\t', '\n', '\r'], " ")).chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}
