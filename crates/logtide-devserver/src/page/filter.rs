//! The filters of the page, in its query strings.

use crate::parameters::{Parameters, Refusal};
use crate::routes::LEVELS;
use crate::store::{MetadataFilter, Search, TextSearch};

/// Reads `text`, `level` (that one and above), `trace`, `from` and `to` (milliseconds since the epoch, inclusive), and
/// any number of `service` and `field` (`key=value`).
pub(super) fn read(parameters: &Parameters) -> Result<Search, Refusal> {
    let text =
        |name| Ok::<_, Refusal>(parameters.text(name)?.filter(|text| !text.is_empty()).map(String::from));
    let levels = match parameters.one_of("level", &LEVELS)? {
        Some(level) => {
            LEVELS.iter().skip_while(|known| **known != level).map(|&level| level.to_owned()).collect()
        }
        None => Vec::new(),
    };
    let fields = parameters.all("field");
    let metadata = fields.iter().map(|field| match field.split_once('=') {
        Some((key, value)) => Ok(MetadataFilter::equals(key, value)),
        None => Err(Refusal::other("field", "must be key=value".into())),
    });
    Ok(Search {
        services: parameters.all("service"),
        levels,
        trace_id: text("trace")?,
        from: integer(parameters, "from")?,
        to: integer(parameters, "to")?,
        text: text("text")?.map(TextSearch::Substring),
        metadata: metadata.collect::<Result<_, _>>()?,
        ..Search::default()
    })
}

/// A whole number that may be left out.
pub(super) fn integer(parameters: &Parameters, name: &'static str) -> Result<Option<i64>, Refusal> {
    let number = |text: &str| text.parse().map_err(|_| Refusal::other(name, "must be a whole number".into()));
    parameters.text(name)?.map(number).transpose()
}
