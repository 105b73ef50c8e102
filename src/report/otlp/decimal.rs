//! Numbers as text without a place on the heap: each span has four of them.

/// The digits of a number, at the end of the array.
pub(super) struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    pub(super) fn of(number: u64) -> Decimal {
        let mut decimal = Decimal { digits: [b'0'; 20], start: 20 };
        let mut rest = number;
        while decimal.start == 20 || rest > 0 {
            decimal.start -= 1;
            decimal.digits[decimal.start] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        decimal
    }

    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.digits[self.start..]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_text_is_the_number(number in prop_oneof![any::<u64>(), 0_u64..1000, Just(0), Just(u64::MAX)]) {
            let decimal = Decimal::of(number);
            prop_assert_eq!(decimal.as_str(), number.to_string());
        }
    }
}
