//! Detects base64 data.

/// Whether a text consists of complete base64 groups of four, optionally in lines.
///
/// Hashes, identifiers and repeated letters use the same characters. Data has digits and letters of both cases.
pub(super) fn is_base64(text: &str) -> bool {
    let (mut length, mut padding) = (0_usize, 0_usize);
    let (mut upper, mut lower, mut digit) = (false, false, false);
    for byte in text.bytes() {
        match byte {
            b'\r' | b'\n' => continue,
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'A'..=b'Z' => upper = true,
            b'a'..=b'z' => lower = true,
            b'0'..=b'9' => digit = true,
            b'+' | b'/' => {}
            _ => return false,
        }
        length += 1;
    }
    upper && lower && digit && padding <= 2 && length.is_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "iVBORw0KGgoAAAANSUhEUgAA";

    #[test]
    fn data_is_found_padded_and_in_lines() {
        assert!(is_base64(&GROUP.repeat(5)));
        assert!(is_base64(&format!("{}aB1=", GROUP.repeat(5))));
        assert!(is_base64(&format!("{GROUP}\r\n{GROUP}\r\n{GROUP}ab==\n")));
    }

    #[test]
    fn hashes_words_and_prose_are_not_data() {
        assert!(!is_base64(&"0123456789abcdef".repeat(8)));
        assert!(!is_base64(&"x".repeat(120)));
        assert!(!is_base64(&format!("{} is a sentence", GROUP.repeat(5))));
        assert!(!is_base64(&format!("/Users/Ada1/{}.rs", GROUP.repeat(5))));
        assert!(!is_base64(&format!("{}a", GROUP.repeat(5))));
        assert!(!is_base64(&format!("{}==a=", GROUP.repeat(5))));
    }
}
