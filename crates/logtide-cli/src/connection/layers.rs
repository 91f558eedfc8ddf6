//! The precedence of flags, environment and profiles.

use logtide::Dsn;

use super::{DEFAULT_PROFILE, Profile, Profiles};
use crate::failure::Failure;

/// What one source, such as the flags, sets.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    pub(super) dsn: Option<String>,
    pub(super) url: Option<String>,
    pub(super) key: Option<String>,
    pub(super) profile: Option<String>,
}

/// Takes the server and the key from the first layers that set them, and finally from the profile `default`.
///
/// A key that came together with an address, in a DSN or a profile, is only for that address: it is never sent to another one.
pub(super) fn resolve(
    layers: &[Layer],
    load: impl Fn() -> Result<Profiles, Failure>,
) -> Result<Profile, Failure> {
    let mut found = Found::default();
    for layer in layers {
        found.take_apart(layer);
        if let Some(pair) = pair_of(layer, &load)? {
            found.take(pair);
        }
        if let Found { url: Some(url), key: Some(key), .. } = &found {
            return Ok(Profile { url: url.clone(), key: key.clone() });
        }
    }
    if let Some(pair) = load()?.get(DEFAULT_PROFILE) {
        found.take(pair.clone());
    }
    match found {
        Found { url: Some(url), key: Some(key), .. } => Ok(Profile { url, key }),
        // Not shown: what is before the `@` is a key.
        Found { url: Some(url), key: None } if url.contains('@') => Err(Failure::new(
            Failure::ACCESS,
            "there is no key, and the address is a DSN that holds one: give it with --dsn or LOGTIDE_DSN",
        )),
        Found { url: Some(url), key: None, .. } => Err(Failure::new(
            Failure::ACCESS,
            format_args!(
                "there is no key for {url}: run `logtide login`, set LOGTIDE_API_KEY, or give --key"
            ),
        )),
        Found { url: None, .. } => Err(Failure::new(
            Failure::ACCESS,
            "no server is configured: run `logtide login`, or set LOGTIDE_DSN, such as https://lp_key@logs.example.org",
        )),
    }
}

/// Returns the server and the key of layers without a profile.
pub(super) fn given(layers: &[Layer]) -> Result<(Option<String>, Option<String>), Failure> {
    let mut found = Found::default();
    for layer in layers {
        found.take_apart(layer);
        if let Some(dsn) = &layer.dsn {
            found.take(of_dsn(dsn)?);
        }
    }
    Ok((found.url, found.key))
}

#[derive(Debug, Default)]
struct Found {
    url: Option<String>,
    key: Option<String>,
}

impl Found {
    /// Takes the address and the key that a layer sets separately.
    fn take_apart(&mut self, layer: &Layer) {
        self.url = self.url.take().or_else(|| layer.url.clone());
        self.key = self.key.take().or_else(|| layer.key.clone());
    }

    /// Takes an address and a key that belong together.
    fn take(&mut self, pair: Profile) {
        let same = |url: &String| url.trim_end_matches('/') == pair.url.trim_end_matches('/');
        if self.key.is_none() && self.url.as_ref().is_none_or(same) {
            self.key = Some(pair.key);
        }
        self.url.get_or_insert(pair.url);
    }
}

fn pair_of(layer: &Layer, load: impl Fn() -> Result<Profiles, Failure>) -> Result<Option<Profile>, Failure> {
    match layer {
        Layer { dsn: Some(dsn), .. } => of_dsn(dsn).map(Some),
        Layer { profile: Some(name), .. } => load()?.require(name).map(Some),
        _ => Ok(None),
    }
}

fn of_dsn(dsn: &str) -> Result<Profile, Failure> {
    let dsn: Dsn = dsn.parse().map_err(|error| Failure::new(Failure::USAGE, error))?;
    Ok(Profile { url: dsn.api_url().to_owned(), key: dsn.api_key().expose().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(text: &str) -> Layer {
        let value = |name: &str| {
            text.split_whitespace()
                .find_map(|word| word.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
        };
        Layer { dsn: value("dsn"), url: value("url"), key: value("key"), profile: value("profile") }
    }

    fn resolved(flags: &str, environment: &str) -> Result<(String, String), Failure> {
        let load = || {
            let mut profiles = Profiles::default();
            profiles.set("default", Profile { url: "http://d".to_owned(), key: "kd".to_owned() });
            profiles.set("prod", Profile { url: "http://p".to_owned(), key: "kp".to_owned() });
            Ok(profiles)
        };
        resolve(&[layer(flags), layer(environment)], load).map(|Profile { url, key }| (url, key))
    }

    #[test]
    fn flags_go_before_the_environment_and_that_before_the_profile() {
        for (flags, environment, url, key) in [
            ("", "", "http://d", "kd"),
            ("", "url=http://e key=ke", "http://e", "ke"),
            ("", "dsn=http://ke@e", "http://e", "ke"),
            ("dsn=http://kf@f", "dsn=http://ke@e", "http://f", "kf"),
            ("profile=prod", "dsn=http://ke@e", "http://p", "kp"),
            ("url=http://f", "url=http://e key=ke", "http://f", "ke"),
            ("key=kf", "dsn=http://ke@e", "http://e", "kf"),
            ("url=http://e/", "dsn=http://ke@e", "http://e/", "ke"),
            ("url=http://f key=kf", "profile=missing", "http://f", "kf"),
            ("", "profile=prod", "http://p", "kp"),
            ("", "key=ke", "http://d", "ke"),
        ] {
            assert_eq!(
                resolved(flags, environment).unwrap(),
                (url.to_owned(), key.to_owned()),
                "{flags} {environment}"
            );
        }
    }

    #[test]
    fn a_key_is_not_sent_to_the_server_of_another() {
        for (flags, environment) in
            [("url=http://f", ""), ("url=http://f", "dsn=http://ke@e"), ("", "url=http://e")]
        {
            let failure = resolved(flags, environment).unwrap_err();
            assert!(format!("{failure:?}").contains("there is no key for http://"), "{failure:?}");
        }
    }

    #[test]
    fn a_dsn_in_the_place_of_an_address_is_told_without_its_key() {
        for (flags, environment) in [("url=http://lp_SECRET@f", ""), ("", "url=https://lp_SECRET@e/base")] {
            let failure = format!("{:?}", resolved(flags, environment).unwrap_err());
            assert!(failure.contains("--dsn") && !failure.contains("SECRET"), "{failure}");
        }
    }

    #[test]
    fn a_profile_that_is_not_there_is_told_with_those_that_are() {
        let failure = format!("{:?}", resolved("profile=porst", "").unwrap_err());
        assert!(failure.contains("`porst`") && failure.contains("default, prod"), "{failure}");
    }
}
