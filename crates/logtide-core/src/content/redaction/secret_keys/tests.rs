//! Which keys name a secret.

use proptest::prelude::*;

use super::*;

fn default() -> SecretKeys {
    SecretKeys::new(&Redaction::default())
}

fn assert_hidden(secrets: &SecretKeys, hidden: &[&str], shown: &[&str]) {
    for key in hidden {
        assert!(secrets.contains(key.as_bytes()), "{key} is to be hidden");
    }
    for key in shown {
        assert!(!secrets.contains(key.as_bytes()), "{key} is to be shown");
    }
}

#[test]
fn secrets_are_known_in_any_case_form_and_number() {
    let hidden = [
        "password",
        "passwords",
        "Password",
        "PASSWORD",
        "db_password",
        "dbpassword",
        "userPassword",
        "password2",
        "password_hash",
        "passwordHash",
        "password_confirmation",
        "old-passwords",
        "passwd",
        "pwd",
        "MYSQL_PWD",
        "pass phrase",
        "passphrase",
        "PassPhrase",
        "passcode",
        "secret",
        "secrets",
        "clientSecret",
        "clientsecret",
        "secret_key",
        "aws_secret_access_key",
        "secret_id",
        "client_secret_value",
        "token",
        "tokens",
        "accessToken",
        "access_token",
        "accesstoken",
        "auth_tokens",
        "csrf-token",
        "x-amz-security-token",
        "token_value",
        "token_hash",
        "GITHUB_TOKEN",
        "token_1",
        "jwt",
        "JWTs",
        "user.jwt",
        "jwt_payload",
        "bearer",
        "bearerToken",
        "auth",
        "basic_auth",
        "proxy.auth",
        "Auth",
        "auth_header",
        "auth_code",
        "cookie",
        "cookies",
        "Cookie",
        "Set-Cookie",
        "setcookie",
        "session cookies",
        "sessionCookies",
        "cookie_header",
        "credential",
        "credentials",
        "aws/credentials",
        "authorization",
        "Authorization",
        "authorization_header",
        "Proxy-Authorization",
        "authorizationHeader",
        "api_key",
        "api_keys",
        "apiKey",
        "APIKey",
        "APIKeys",
        "apikey",
        "apikeys",
        "API_KEY",
        "X-Api-Key",
        "api key",
        "stripe.api_key.old",
        "x[api-key]",
        "private_key",
        "privateKeys",
        "private.key",
        "ssh_key",
        "signing_key",
        "connection_string",
        "connectionString",
        "dsn",
        "SENTRY_DSN",
        "d_s_n",
        "next_page_token_secret",
        "max_tokens_password",
        "id_token",
        "refreshTokens",
    ];
    let shown = [
        "",
        "_",
        "user",
        "key",
        "keys",
        "name",
        "id",
        "status",
        "region",
        "message",
        "description",
        "address",
        "next_page_token",
        "nextPageToken",
        "page_token",
        "NextToken",
        "continuation-token",
        "nextSyncToken",
        "token_count",
        "tokenCount",
        "tokens_used",
        "max_tokens",
        "maxTokens",
        "max_output_tokens",
        "prompt_tokens",
        "cache_read_input_tokens",
        "tokens_per_second",
        "tokenizer",
        "tokenized",
        "token_type",
        "token_expires_at",
        "password_changed_at",
        "password_length",
        "passwordless",
        "secretary",
        "secretaries",
        "secret_name",
        "author",
        "authors",
        "authority",
        "authenticated",
        "authentication_method",
        "auth_method",
        "auth_user",
        "auth_latency_ms",
        "oauth",
        "oauth_provider",
        "passenger",
        "bypass",
        "compass_word",
        "keyboard",
        "monkey",
        "primary_key",
        "foreign_key",
        "public_key",
        "sort_key",
        "cookie_consent",
        "cookie_policy",
        "access_key_id",
        "session_id",
        "hawk_dsnx",
        "pwda",
        "jwtx",
    ];
    assert_hidden(&default(), &hidden, &shown);
}

#[test]
fn keys_of_the_application_are_secrets_whatever_else_the_key_says() {
    let redaction = Redaction::default().keys(["IBAN", "card number", "x", "öl", "page_token", "42"]);
    let hidden = [
        "iban",
        "customer_iban",
        "customerIBAN",
        "IBANs",
        "iban_count",
        "cardNumber",
        "card_numbers",
        "cardnumber",
        "oldcardnumber",
        "x",
        "point.x",
        "öl",
        "next_page_token",
        "nr 42",
        "password",
    ];
    let shown = ["ibanez", "customeriban", "card", "number", "xy", "max", "öle", "421"];
    assert_hidden(&SecretKeys::new(&redaction), &hidden, &shown);
}

#[test]
fn an_allowed_key_is_shown_as_a_whole_alone() {
    let redaction = Redaction::default().keys(["iban"]).allow_keys(["csrf_token", "iban", "Cookies"]);
    let shown = ["csrf_token", "csrfToken", "CSRF-Token", "iban", "cookies"];
    let hidden = ["old_csrf_token", "csrf_token_2", "token", "customer_iban", "cookie", "set-cookies"];
    assert_hidden(&SecretKeys::new(&redaction), &hidden, &shown);
}

#[test]
fn characters_that_are_no_letters_separate_words() {
    let hidden = ["api\tkey", "\npassword", "\"token\"", "a\u{1}secret", r"x\pwd", r"\token", "pass\0word"];
    assert_hidden(&default(), &hidden, &[r"\u000bad", r"\x"]);
}

#[test]
fn nothing_is_a_secret_with_redaction_off() {
    assert_hidden(&SecretKeys::new(&Redaction::off().keys(["iban"])), &[], &["iban", "password"]);
}

proptest! {
    #[test]
    fn the_letters_rule_out_nothing_that_the_comparison_finds(
        own in "[a-zA-Z_.0-9ä]{1,6}", before in "[a-zA-Z_-]{0,4}", after in "([_A-Z][a-z0-9]{0,4})?",
        known in prop::sample::select(Redaction::KEYS),
    ) {
        let secrets = SecretKeys::new(&Redaction::default().keys([own.as_str()]));
        for word in [own.as_str(), known, &known.to_uppercase()] {
            let key = format!("{before}{word}{after}");
            prop_assert_eq!(secrets.contains(key.as_bytes()), secrets.compare(key.as_bytes()), "{}", key);
        }
    }

    #[test]
    fn a_word_is_found_wherever_it_stands_between_others(
        known in prop::sample::select(Redaction::KEYS), before in "([a-z0-9]{1,6}[_.-])?", after in "([_. -][0-9]{1,4})?", plural: bool,
    ) {
        let key = format!("{before}{known}{}{after}", if plural { "s" } else { "" });
        let harmless = Redaction::HARMLESS.iter().any(|harmless| key.contains(harmless));
        prop_assert!(harmless || default().contains(key.as_bytes()), "{}", key);
    }
}

#[test]
fn letters_that_contain_those_of_another_term_are_left_out() {
    let terms = |letters: &[u32]| {
        letters
            .iter()
            .map(|letters| Term { text: Vec::new(), letters: *letters, rule: Rule::Usual })
            .collect::<Vec<_>>()
    };
    for order in [[0b0011, 0b0111, 0b1100], [0b0111, 0b1100, 0b0011], [0b1100, 0b0011, 0b0111]] {
        let mut fewest = fewest_letters(&terms(&order)).concat();
        fewest.retain(|letters| *letters != u32::MAX);
        fewest.sort_unstable();
        assert_eq!(fewest, [0b0011, 0b1100], "{order:?}");
    }
}
