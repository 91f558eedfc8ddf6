//! Spool options in the environment and in files.

use super::*;

const DSN: (&str, &str) = ("LOGTIDE_DSN", "https://lp_SECRET@logs.example.com");

fn from(variables: &[(&str, &str)]) -> Result<ClientOptions, EnvError> {
    ClientOptions::from_variables(|name| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[cfg(not(feature = "spool"))]
mod without_the_feature {
    use super::*;

    #[test]
    fn a_spool_in_the_environment_is_an_error_that_names_the_feature() {
        for variable in ["LOGTIDE_SPOOL", "LOGTIDE_DURABILITY", "LOGTIDE_SPOOL_MAX_AGE"] {
            let error = from(&[DSN, (variable, "always")]).unwrap_err();
            assert_eq!(error, EnvError::Feature { variable, feature: "spool" });
            assert!(error.to_string().contains(variable) && error.to_string().contains("`spool`"));
            assert!(from(&[DSN, (variable, " ")]).is_ok(), "what is empty is not set");
        }
    }

    #[test]
    fn a_spool_in_a_file_is_an_error() {
        let file = r#"{"dsn": "https://lp_SECRET@h", "spool": "spool"}"#;
        let message = serde_json::from_str::<ClientOptions>(file).unwrap_err().to_string();
        assert!(message.contains("`spool`") && !message.contains("SECRET"), "{message}");
    }
}

#[cfg(feature = "spool")]
mod with_the_feature {
    use std::{path::Path, time::Duration};

    use logtide_core::spool::SpoolOptions;

    use super::*;

    #[test]
    fn every_variable_sets_its_option() {
        let options = from(&[
            DSN,
            ("LOGTIDE_SPOOL", " /var/spool/my app\r"),
            ("LOGTIDE_DURABILITY", "Always"),
            ("LOGTIDE_SPOOL_MAX_BYTES", "5000000000"),
            ("LOGTIDE_SPOOL_MAX_FILES", "77"),
            ("LOGTIDE_SPOOL_MAX_AGE", "2h"),
        ])
        .unwrap();
        assert_eq!(options.spool.dir.as_deref(), Some(Path::new("/var/spool/my app")));
        let mut expected = SpoolOptions::default();
        (expected.max_bytes, expected.max_files) = (5_000_000_000, 77);
        expected.max_age = Duration::from_secs(2 * 60 * 60);
        expected.write_after = Some(Duration::ZERO);
        assert_eq!(options.spool_options(), Some(expected));
    }

    #[test]
    fn durabilities_are_read_and_others_refused() {
        let durability = |text| from(&[DSN, ("LOGTIDE_DURABILITY", text)]).map(|it| it.spool.durability);
        assert_eq!(durability("never").unwrap(), Some(Durability::Never));
        assert_eq!(durability("250ms").unwrap(), Some(Durability::Every(Duration::from_millis(250))));
        assert_eq!(durability("2").unwrap(), Some(Durability::Every(Duration::from_secs(2))));
        assert_eq!(durability("").unwrap(), None);
        for wrong in ["sometimes", "SECRET", "-1s", "every"] {
            let message = durability(wrong).unwrap_err().to_string();
            assert!(message.contains("LOGTIDE_DURABILITY") && !message.contains(wrong), "{message}");
        }
    }

    #[test]
    fn an_empty_directory_is_none() {
        assert_eq!(from(&[DSN, ("LOGTIDE_SPOOL", " ")]).unwrap().spool_options(), None);
    }

    #[test]
    fn a_file_sets_options_by_their_names() {
        let file = r#"{"dsn": "https://lp_k@h", "spool": "/var/spool/app", "durability": 0.5,
            "spool_max_bytes": 5000000000, "spool_max_files": "77", "spool_max_age": "2h"}"#;
        let options: ClientOptions = serde_json::from_str(file).unwrap();
        assert_eq!(options.spool.dir.as_deref(), Some(Path::new("/var/spool/app")));
        assert_eq!(options.spool.durability, Some(Durability::Every(Duration::from_millis(500))));
        let set = options.spool_options().unwrap();
        assert_eq!((set.max_bytes, set.max_files), (5_000_000_000, 77));
        assert_eq!(set.max_age, Duration::from_secs(2 * 60 * 60));
    }
}
