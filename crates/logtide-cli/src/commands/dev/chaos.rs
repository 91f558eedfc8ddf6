//! The values of `--chaos`.

use std::{fmt, time::Duration};

use logtide_devserver::{DevServer, Fault, Target};

/// A failure, and when it happens.
#[derive(Clone, Debug)]
pub(super) struct Disturbance {
    /// The text that was parsed.
    text: String,
    fault: Fault,
    occasion: Occasion,
    target: Target,
    after: Duration,
    lasts: Option<Duration>,
}

/// The requests that a failure affects.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Occasion {
    Always,
    /// This share of requests, from 0 to 1.
    Share(f64),
    Times(u64),
}

impl Disturbance {
    /// Makes a server fail like this from here on.
    pub(super) fn install(&self, server: &DevServer) {
        let mut chaos = server.chaos(self.fault.clone()).on(self.target).after(self.after);
        if let Some(lasts) = self.lasts {
            chaos = chaos.lasting(lasts);
        }
        match self.occasion {
            Occasion::Always => chaos.always(),
            Occasion::Share(share) => chaos.probability(share),
            Occasion::Times(times) => chaos.next(times),
        }
    }
}

impl fmt::Display for Disturbance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Parses `[N%] FAILURE [N times] [for TIME] [after TIME] [on TARGET]`; the parts after the failure may be in any order.
pub(super) fn parse(text: &str) -> Result<Disturbance, String> {
    let mut words = text.split_whitespace().peekable();
    let mut occasion = Occasion::Always;
    if let Some(percent) = words.next_if(|word| word.ends_with('%')) {
        occasion = Occasion::Share(share(percent)?);
    }
    let fault = match words.next() {
        Some("slow") => Fault::Slow(time(words.next(), "slow")?),
        Some(name) => fault(name)?,
        None => return Err("name the failure, such as '503 for 30s'".into()),
    };
    let (mut target, mut after, mut lasts) = (None, None, None);
    while let Some(word) = words.next() {
        let again = || format!("'{word}' can be used only once");
        match word {
            "for" if lasts.replace(time(words.next(), word)?).is_some() => return Err(again()),
            "after" if after.replace(time(words.next(), word)?).is_some() => return Err(again()),
            "on" if target.replace(self::target(words.next())?).is_some() => return Err(again()),
            "for" | "after" | "on" => {}
            _ => match (word.parse(), words.next()) {
                (Ok(times), Some("times" | "time")) if occasion == Occasion::Always && times > 0 => {
                    occasion = Occasion::Times(times);
                }
                (Ok(_), Some("times" | "time")) => {
                    return Err("use either a percentage or a number of times".into());
                }
                _ => {
                    return Err(format!("unknown word '{word}': use 'N times', 'for', 'after' or 'on'"));
                }
            },
        }
    }
    Ok(Disturbance {
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        fault,
        occasion,
        target: target.unwrap_or_default(),
        after: after.unwrap_or_default(),
        lasts,
    })
}

fn fault(name: &str) -> Result<Fault, String> {
    Ok(match name {
        "hang" => Fault::Hang,
        "reset" => Fault::Reset,
        "lost-answer" => Fault::StoreThenReset,
        "quota" => Fault::QuotaExceeded,
        "429" => Fault::RateLimited { retry_after: Duration::from_secs(1) },
        _ => match name.parse() {
            Ok(status @ 200..=599) => Fault::Status(status),
            Ok(_) => return Err(format!("{name} is not a status: use 200 to 599")),
            Err(_) => {
                let known = "a status such as 503, hang, reset, lost-answer, quota or slow";
                return Err(format!("unknown failure '{name}': use {known}"));
            }
        },
    })
}

fn target(word: Option<&str>) -> Result<Target, String> {
    Ok(match word {
        Some("sends") => Target::Ingest,
        Some("logs") => Target::Logs,
        Some("spans") => Target::Spans,
        Some("reads") => Target::Reads,
        Some("all") => Target::All,
        _ => return Err("name the requests after 'on': sends, logs, spans, reads or all".into()),
    })
}

fn share(percent: &str) -> Result<f64, String> {
    let number = percent.trim_end_matches('%').parse::<f64>().ok();
    let number = number.filter(|number| *number > 0.0 && *number <= 100.0);
    number
        .map(|number| number / 100.0)
        .ok_or_else(|| format!("{percent} is not a valid percentage: use more than 0% and at most 100%"))
}

/// Parses a number with `ms`, `s`, `m` or `h`.
fn time(word: Option<&str>, clause: &str) -> Result<Duration, String> {
    let wrong = || format!("'{clause}' needs a time, such as 500ms, 30s, 5m or 1h");
    let word = word.ok_or_else(wrong)?;
    let unit = word.find(|letter: char| letter.is_ascii_alphabetic()).ok_or_else(wrong)?;
    let (number, unit) = word.split_at(unit);
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(number * seconds).ok().filter(|time| !time.is_zero()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_read_with_when_they_happen() {
        const ZERO: Duration = Duration::ZERO;
        let seconds = Duration::from_secs;
        let limited = Fault::RateLimited { retry_after: seconds(1) };
        for (text, fault, occasion, target, after, lasts) in [
            ("503", Fault::Status(503), Occasion::Always, Target::Ingest, ZERO, None),
            ("503 for 30s", Fault::Status(503), Occasion::Always, Target::Ingest, ZERO, Some(seconds(30))),
            ("hang for 1.5m", Fault::Hang, Occasion::Always, Target::Ingest, ZERO, Some(seconds(90))),
            ("reset for 1h", Fault::Reset, Occasion::Always, Target::Ingest, ZERO, Some(seconds(3600))),
            ("20% 503", Fault::Status(503), Occasion::Share(0.2), Target::Ingest, ZERO, None),
            ("429 3 times on all", limited, Occasion::Times(3), Target::All, ZERO, None),
            ("quota 1 time", Fault::QuotaExceeded, Occasion::Times(1), Target::Ingest, ZERO, None),
            (
                " 0.5%  lost-answer  on logs ",
                Fault::StoreThenReset,
                Occasion::Share(0.005),
                Target::Logs,
                ZERO,
                None,
            ),
            (
                "slow 250ms after 10s for 5s on reads",
                Fault::Slow(Duration::from_millis(250)),
                Occasion::Always,
                Target::Reads,
                seconds(10),
                Some(seconds(5)),
            ),
        ] {
            let read = parse(text).expect(text);
            let expected = (fault, occasion, target, after, lasts);
            assert_eq!((read.fault, read.occasion, read.target, read.after, read.lasts), expected, "{text}");
        }
    }

    #[test]
    fn what_means_nothing_is_refused_with_what_to_say() {
        for (text, hint) in [
            ("", "name the failure"),
            ("20%", "name the failure"),
            ("0% 503", "0% is not a valid percentage"),
            ("101% 503", "not a valid percentage"),
            ("nan% 503", "not a valid percentage"),
            ("melt", "unknown failure 'melt'"),
            ("99", "not a status"),
            ("700", "not a status"),
            ("503 for", "'for' needs a time"),
            ("503 for 30", "'for' needs a time"),
            ("503 for -1s", "'for' needs a time"),
            ("503 for 0s", "'for' needs a time"),
            ("503 for 1e400s", "'for' needs a time"),
            ("slow", "'slow' needs a time"),
            ("503 on mars", "name the requests"),
            ("503 for 1s for 2s", "'for' can be used only once"),
            ("503 for 30s, hang", "'for' needs a time"),
            ("503 often", "unknown word 'often'"),
            ("503 3", "unknown word '3'"),
            ("10% 503 3 times", "either a percentage or a number"),
            ("503 0 times", "either a percentage or a number"),
        ] {
            let refused = parse(text).expect_err(text);
            assert!(refused.contains(hint), "{text}: {refused}");
        }
    }
}
