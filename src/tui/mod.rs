//! The workbench.
pub const THEMES: [&str; 6] = ["dark", "light", "high-contrast", "color-blind", "16-color", "none"];
pub struct Options {
    pub root: crate::store::Root,
    pub day: Option<jiff::civil::Date>,
    pub theme: Option<String>,
    pub color: bool,
    pub ascii: bool,
    pub mouse: bool,
}
pub fn start(_: Options) -> anyhow::Result<()> {
    Ok(())
}
