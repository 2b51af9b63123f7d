//! The map of the example, and of odd catalogs.

use super::views::views;
use super::*;
use crate::analysis::testing::analysis;
use crate::layout::grid::tests::holds;
use crate::layout::process_map::tests::example;
use crate::layout::raster::Raster;

fn flows(analysis: &Analysis, map: &ArchitectureMap) -> Vec<String> {
    let name = |place: usize| analysis.catalog.name(map.spots[place].component.into()).into_owned();
    map.picture.wires.iter().map(|wire| format!("{} > {}", name(wire.from), name(wire.to))).collect()
}

#[test]
fn the_example_has_the_two_pictures_of_its_source() {
    let analysis = example();
    let views = views(&analysis.catalog);
    let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    assert_eq!(names, ["Ingest to Analyse and report", "Frontend to Data"]);
    let draw = |view: &View| {
        let map = draw(&analysis, &Request { view: Some(view.clone()), width: 200, ..Request::default() });
        holds(&map.picture);
        let titles: Vec<String> =
            map.picture.regions.iter().map(|region| region.title.text.trim().to_owned()).collect();
        (flows(&analysis, &map), titles)
    };
    let (data, layers) = draw(&views[0]);
    for flow in [
        "Azure Event Hubs > Azure Databricks",
        "Azure Data Factory > Azure Storage",
        "Azure Databricks > Azure Storage",
        "Azure Storage > Azure Machine Learning",
        "Azure Machine Learning > Azure Kubernetes Service",
        "Azure Machine Learning > Power BI",
        "Microsoft Fabric > Power BI",
    ] {
        assert!(data.iter().any(|known| known == flow), "{flow} is not in {data:?}");
    }
    for layer in ["Ingest", "Store", "Process", "Serve", "Analyse and report", "Governance and monitoring"] {
        assert!(layers.iter().any(|known| known == layer), "{layer} is not in {layers:?}");
    }
    assert!(!layers.iter().any(|layer| layer == "Frontend"), "{layers:?}");
    let (generative, layers) = draw(&views[1]);
    for flow in [
        "Azure Web Apps > Azure Application Gateway",
        "Azure Application Gateway > Azure API Management",
        "Azure API Management > Azure AI Foundry",
        "Azure AI Foundry > Azure AI Search",
        "Azure AI Foundry > Azure OpenAI Service",
        "Azure API Management > Azure Container Apps",
        "Azure AI Foundry > Azure Cosmos DB",
    ] {
        assert!(generative.iter().any(|known| known == flow), "{flow} is not in {generative:?}");
    }
    assert_eq!(&layers[..2], ["Frontend", "Backend"]);
    assert!(!layers.iter().any(|layer| layer == "Ingest"), "{layers:?}");
}

#[test]
fn who_may_too_much_and_who_lacks_something_is_marked() {
    let analysis = example();
    let map = draw(&analysis, &Request::default());
    let badges = |name: &str| {
        let spot = map.spots.iter().find(|spot| analysis.catalog.name(spot.component.into()) == name);
        spot.map_or_else(Vec::new, |spot| spot.badges.iter().map(|badge| badge.text(true)).collect())
    };
    assert_eq!(badges("Azure Key Vault"), ["P004 R", "P006 R^"]);
    assert!(badges("Azure Machine Learning").contains(&"P007 Ro".to_owned()));
}

#[test]
fn layers_follow_the_flows_and_what_has_none_lies_below() {
    let text = "kind: ComponentList\nitems:\n  - {name: W, layer: Watch}\n  - {name: C, layer: End}\n  - {name: A, layer: Start, flows_to: [{component: B, label: \"\\e[31m 日本 data\"}, Loose]}\n  - {name: B, layer: Middle, flows_to: [C, A]}\n";
    let analysis = analysis(text);
    for zoom in Zoom::ALL {
        for width in [40, 80, 200] {
            let map = draw(&analysis, &Request { zoom, width, ascii: true, ..Request::default() });
            holds(&map.picture);
            let titles: Vec<&str> =
                map.picture.regions.iter().map(|region| region.title.text.trim()).collect();
            if zoom == Zoom::Boxes {
                assert_eq!(titles, ["Start", "Middle", "End", "Watch", "no layer"]);
            }
            let drawn = Raster::whole(&map.picture, true).text();
            assert!(!drawn.contains('\u{1b}'));
        }
    }
    assert!(views(&analysis.catalog).is_empty());
    let nothing = crate::analysis::testing::analysis("kind: Catalog\n");
    assert_eq!(draw(&nothing, &Request::default()).picture.nodes.len(), 0);
}
