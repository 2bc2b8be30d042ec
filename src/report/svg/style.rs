//! How a picture looks, by day and by night. Classes are set plainly and overridden for dark surroundings, for programs
//! that know neither variables nor media queries.

use crate::report::lanes::LaneKind;

/// Shades of values, told apart by those who see colours otherwise too.
pub(super) const SHADES: usize = 6;

/// Sizes of letters, as in the style sheet.
pub(super) const TITLE: i64 = 20;
pub(super) const HEAD: i64 = 14;
pub(super) const TEXT: i64 = 12;
pub(super) const LABEL: i64 = 13;
pub(super) const SMALL: i64 = 11;

/// Text on each fill keeps a contrast of at least 7 to 1.
pub(super) const STYLE: &str = r#"<style>
.comity text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1a1f24; }
.comity .title { font-size: 20px; font-weight: 700; }
.comity .head { font-size: 14px; font-weight: 700; }
.comity .label { font-size: 13px; font-weight: 700; }
.comity .text { font-size: 12px; }
.comity .small { font-size: 11px; }
.comity .key { font-style: italic; }
.comity .soft { fill: #4a535b; }
.comity .paper { fill: #ffffff; }
.comity .track { fill: #f6f7f8; }
.comity .grid { stroke: #d3d8dc; stroke-width: 1; }
.comity .rule { stroke: #7b848c; stroke-width: 1; }
.comity .mark { stroke: #1a1f24; stroke-width: 2; }
.comity .box { stroke-width: 1; }
.comity .v0 { fill: #cfe2f5; stroke: #1f6fb2; }
.comity .v1 { fill: #fbdcb0; stroke: #b8680a; }
.comity .v2 { fill: #c9ead9; stroke: #16805c; }
.comity .v3 { fill: #eed6e6; stroke: #a04a80; }
.comity .v4 { fill: #f6efae; stroke: #8f8500; }
.comity .v5 { fill: #d8d6f5; stroke: #5b53b8; }
.comity .quiet { fill: #eceef0; stroke: #7b848c; }
.comity .bad { fill: #fbd5cf; stroke: #b3321d; }
.comity .none { fill: #ffffff; stroke: #4a535b; stroke-dasharray: 4 3; }
.comity .stripe { stroke: #4a535b; stroke-opacity: 0.45; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
.comity text { fill: #eef1f4; }
.comity .soft { fill: #b4bcc4; }
.comity .paper { fill: #14181c; }
.comity .track { fill: #1c2126; }
.comity .grid { stroke: #343b42; }
.comity .rule { stroke: #8d97a0; }
.comity .mark { stroke: #eef1f4; }
.comity .v0 { fill: #1d3f5e; stroke: #6db3ee; }
.comity .v1 { fill: #5c3b0f; stroke: #f0ad4e; }
.comity .v2 { fill: #124d3a; stroke: #4fc79e; }
.comity .v3 { fill: #57304a; stroke: #df95c3; }
.comity .v4 { fill: #4a450c; stroke: #d8cd4e; }
.comity .v5 { fill: #37336b; stroke: #a39df0; }
.comity .quiet { fill: #2b3137; stroke: #8d97a0; }
.comity .bad { fill: #5e221a; stroke: #f08a78; }
.comity .none { fill: #14181c; stroke: #b4bcc4; }
.comity .stripe { stroke: #b4bcc4; }
}
.comity rect.plate { stroke: none; }
</style>"#;

/// What is no value has a pattern too, and never a colour alone.
pub(super) const PATTERNS: &str = r#"<defs>
<pattern id="comity-open" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="stripe" x1="0" y1="0" x2="0" y2="10"/></pattern>
<pattern id="comity-gap" width="12" height="12" patternUnits="userSpaceOnUse"><line class="stripe" x1="5" y1="6" x2="7" y2="6"/></pattern>
<pattern id="comity-conflict" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="stripe" x1="0" y1="0" x2="0" y2="10"/><line class="stripe" x1="0" y1="0" x2="10" y2="0"/></pattern>
<pattern id="comity-error" width="8" height="8" patternUnits="userSpaceOnUse"><line class="stripe" x1="0" y1="0" x2="8" y2="0"/></pattern>
<pattern id="comity-pending" width="10" height="10" patternUnits="userSpaceOnUse"><line class="stripe" x1="5" y1="0" x2="5" y2="10"/></pattern>
<pattern id="comity-breached" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><line class="stripe" x1="0" y1="0" x2="0" y2="10"/></pattern>
<pattern id="comity-cured" width="10" height="10" patternUnits="userSpaceOnUse"><line class="stripe" x1="0" y1="5" x2="5" y2="5"/></pattern>
<pattern id="comity-threatened" width="12" height="12" patternUnits="userSpaceOnUse"><path class="stripe" fill="none" d="M0 9 L6 3 L12 9"/></pattern>
<pattern id="comity-invalid" width="14" height="14" patternUnits="userSpaceOnUse"><path class="stripe" fill="none" d="M4 4 L10 10 M10 4 L4 10"/></pattern>
</defs>"#;

pub(super) fn class(kind: LaneKind, shade: usize) -> String {
    match kind {
        LaneKind::Value => format!("v{shade}"),
        LaneKind::Quiet | LaneKind::Open => "quiet".to_string(),
        LaneKind::Gap => "none".to_string(),
        LaneKind::Conflict | LaneKind::Error | LaneKind::Breached | LaneKind::Invalid => "bad".to_string(),
        LaneKind::Available => "v0".to_string(),
        LaneKind::Threatened | LaneKind::Pending => "v1".to_string(),
        LaneKind::Fulfilled | LaneKind::Cured | LaneKind::Done => "v2".to_string(),
    }
}

pub(super) fn pattern(kind: LaneKind) -> Option<&'static str> {
    match kind {
        LaneKind::Value | LaneKind::Quiet | LaneKind::Fulfilled | LaneKind::Done | LaneKind::Available => {
            None
        }
        LaneKind::Pending => Some("comity-pending"),
        LaneKind::Breached => Some("comity-breached"),
        LaneKind::Cured => Some("comity-cured"),
        LaneKind::Threatened => Some("comity-threatened"),
        LaneKind::Invalid => Some("comity-invalid"),
        LaneKind::Open => Some("comity-open"),
        LaneKind::Gap => Some("comity-gap"),
        LaneKind::Conflict => Some("comity-conflict"),
        LaneKind::Error => Some("comity-error"),
    }
}
