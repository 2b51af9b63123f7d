//! The package around slides: the files that the format asks for, in a zip archive.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::shapes::{HIGH, Slide, WIDE, emu};
use crate::exchange::svg::escaped;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.presentationml";
/// The name spaces of drawings, relationships and presentations.
pub(super) const SPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// Slides as the bytes of a file.
pub(super) fn package(name: &str, slides: &[Slide]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // A file of one catalog and day is the same whenever it is made.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    let mut add = |path: &str, text: &str| -> Result<(), zip::result::ZipError> {
        archive.start_file(path, options)?;
        archive.write_all(HEAD.as_bytes())?;
        archive.write_all(text.as_bytes())?;
        Ok(())
    };
    add("[Content_Types].xml", &types(slides.len()))?;
    add(
        "_rels/.rels",
        &relations(&[
            (format!("{OFFICE}/officeDocument"), "ppt/presentation.xml".to_owned()),
            (format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml".to_owned()),
        ]),
    )?;
    add(
        "docProps/core.xml",
        &format!(
            "<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>persona</dc:creator></cp:coreProperties>",
            escaped(name)
        ),
    )?;
    add("ppt/presentation.xml", &presentation(slides.len()))?;
    let mut all = vec![
        (format!("{OFFICE}/slideMaster"), "slideMasters/slideMaster1.xml".to_owned()),
        (format!("{OFFICE}/theme"), "theme/theme1.xml".to_owned()),
    ];
    all.extend((1..=slides.len()).map(|at| (format!("{OFFICE}/slide"), format!("slides/slide{at}.xml"))));
    add("ppt/_rels/presentation.xml.rels", &relations(&all))?;
    add("ppt/theme/theme1.xml", &theme())?;
    add("ppt/slideMasters/slideMaster1.xml", &master())?;
    add(
        "ppt/slideMasters/_rels/slideMaster1.xml.rels",
        &relations(&[
            (format!("{OFFICE}/slideLayout"), "../slideLayouts/slideLayout1.xml".to_owned()),
            (format!("{OFFICE}/theme"), "../theme/theme1.xml".to_owned()),
        ]),
    )?;
    add(
        "ppt/slideLayouts/slideLayout1.xml",
        &format!(
            "<p:sldLayout {SPACES} type=\"titleOnly\" preserve=\"1\"><p:cSld name=\"Title only\">{}</p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
            tree(&placeholder())
        ),
    )?;
    add(
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
        &relations(&[(format!("{OFFICE}/slideMaster"), "../slideMasters/slideMaster1.xml".to_owned())]),
    )?;
    let layout =
        relations(&[(format!("{OFFICE}/slideLayout"), "../slideLayouts/slideLayout1.xml".to_owned())]);
    for (slide, at) in slides.iter().zip(1..) {
        let text = format!(
            "<p:sld {SPACES}><p:cSld>{}</p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
            tree(slide.xml())
        );
        add(&format!("ppt/slides/slide{at}.xml"), &text)?;
        add(&format!("ppt/slides/_rels/slide{at}.xml.rels"), &layout)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn types(slides: usize) -> String {
    let mut out = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let mut part = |path: &str, kind: &str| {
        let _ = write!(out, "<Override PartName=\"/{path}\" ContentType=\"{kind}\"/>");
    };
    part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    part("ppt/presentation.xml", &format!("{TYPES}.presentation.main+xml"));
    part("ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml");
    part("ppt/slideMasters/slideMaster1.xml", &format!("{TYPES}.slideMaster+xml"));
    part("ppt/slideLayouts/slideLayout1.xml", &format!("{TYPES}.slideLayout+xml"));
    for at in 1..=slides {
        part(&format!("ppt/slides/slide{at}.xml"), &format!("{TYPES}.slide+xml"));
    }
    out + "</Types>"
}

fn relations(all: &[(String, String)]) -> String {
    let mut out = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for ((kind, target), at) in all.iter().zip(1..) {
        let _ = write!(out, "<Relationship Id=\"rId{at}\" Type=\"{kind}\" Target=\"{target}\"/>");
    }
    out + "</Relationships>"
}

fn presentation(slides: usize) -> String {
    let mut list = String::new();
    for at in 0..slides {
        // The master is the first relation, the theme the second.
        let _ = write!(list, "<p:sldId id=\"{}\" r:id=\"rId{}\"/>", 256 + at, 3 + at);
    }
    format!(
        "<p:presentation {SPACES} saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:sldIdLst>{list}</p:sldIdLst><p:sldSz cx=\"{}\" cy=\"{}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
        emu(WIDE),
        emu(HIGH)
    )
}

/// Shapes as a slide holds them.
fn tree(shapes: &str) -> String {
    format!(
        "<p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>{shapes}</p:spTree>"
    )
}

/// The place of a title, which outlines and screen readers look for.
fn placeholder() -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en-GB\"/><a:t>Title</a:t></a:r></a:p></p:txBody></p:sp>",
        emu(40.0),
        emu(24.0),
        emu(880.0),
        emu(60.0)
    )
}

fn master() -> String {
    let level = "<a:defRPr sz=\"1800\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill><a:latin typeface=\"+mn-lt\"/></a:defRPr>";
    format!(
        "<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>{}</p:cSld><p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/><p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst><p:txStyles><p:titleStyle><a:lvl1pPr algn=\"l\">{level}</a:lvl1pPr></p:titleStyle><p:bodyStyle><a:lvl1pPr algn=\"l\">{level}</a:lvl1pPr></p:bodyStyle><p:otherStyle><a:lvl1pPr algn=\"l\">{level}</a:lvl1pPr></p:otherStyle></p:txStyles></p:sldMaster>",
        tree(&placeholder())
    )
}

fn theme() -> String {
    let colors = [
        ("dk1", "1D2230"),
        ("lt1", "FFFFFF"),
        ("dk2", "5C6376"),
        ("lt2", "F2F3F5"),
        ("accent1", "1E56C4"),
        ("accent2", "B01030"),
        ("accent3", "875200"),
        ("accent4", "045C75"),
        ("accent5", "20602A"),
        ("accent6", "6B3FA0"),
        ("hlink", "1E56C4"),
        ("folHlink", "6B3FA0"),
    ];
    let colors: String =
        colors.iter().map(|(name, rgb)| format!("<a:{name}><a:srgbClr val=\"{rgb}\"/></a:{name}>")).collect();
    let font = "<a:latin typeface=\"Arial\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>";
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = format!("<a:ln w=\"9525\">{fill}</a:ln>");
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    format!(
        "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"persona\"><a:themeElements><a:clrScheme name=\"persona\">{colors}</a:clrScheme><a:fontScheme name=\"persona\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name=\"persona\"><a:fillStyleLst>{fill}{fill}{fill}</a:fillStyleLst><a:lnStyleLst>{line}{line}{line}</a:lnStyleLst><a:effectStyleLst>{effect}{effect}{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}{fill}{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
}
