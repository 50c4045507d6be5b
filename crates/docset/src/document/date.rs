//! Calendar days.

use std::fmt;

/// A day of the Gregorian calendar, written `YYYY-MM-DD` (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` for any other form and for days that never were.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u16, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
            })
        };
        let year = number(&[y1, y2, y3, y4])?;
        let month = u8::try_from(number(&[m1, m2])?).ok()?;
        let day = u8::try_from(number(&[d1, d2])?).ok()?;
        let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The day, in UTC, of a moment so many seconds after the beginning of 1970; `None`
    /// behind the year 9999.
    #[must_use]
    pub fn of_unix_time(seconds: u64) -> Option<Self> {
        let mut days = seconds / 86_400;
        for year in 1970..=9999 {
            for month in 1..=12 {
                let length = u64::from(days_in(year, month));
                match u8::try_from(days + 1) {
                    Ok(day) if days < length => return Some(Self { year, month, day }),
                    _ => days -= length,
                }
            }
        }
        None
    }

    /// Reads the forms that writers use instead, where the order of the parts is
    /// certain because the year comes first: `2026/02/06`, `2026.2.6`,
    /// `2026-02-06T10:00:00Z`, `2026-02-06 10:00`.
    #[must_use]
    pub fn parse_lenient(text: &str) -> Option<Self> {
        let day = text.split(['T', ' ']).next()?;
        let rest = text.get(day.len() + 1..).unwrap_or_default();
        if !rest.bytes().all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte)) {
            return None;
        }
        let mut parts = day.split(['-', '/', '.']);
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = [(year, 4..=4), (month, 1..=2), (day, 1..=2)].iter().all(|(part, length)| {
            length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        });
        if !digits || parts.next().is_some() {
            return None;
        }
        Self::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_calendar() {
        assert!(Date::parse("2024-02-29").is_some());
        for bad in ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1"]
        {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
        assert!(Date::parse("2026-02-06") < Date::parse("2026-02-10"));
    }

    #[test]
    fn a_moment_has_a_day() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_798_761_599, "2026-12-31"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(Date::of_unix_time(seconds), Date::parse(day));
        }
        assert_eq!(Date::of_unix_time(253_402_300_800), None);
        assert_eq!(Date::of_unix_time(u64::MAX), None);
    }

    #[test]
    fn reads_other_forms_only_where_the_order_is_certain() {
        let same = Date::parse("2026-02-06");
        for form in ["2026/02/06", "2026.2.6", "2026-02-06T10:00:00Z", "2026-02-06 10:00"] {
            assert_eq!(Date::parse_lenient(form), same, "{form}");
        }
        for form in
            ["06/02/2026", "02-06-2026", "2026-02", "2026-02-06 about noon", "", "2026-02-06-1"]
        {
            assert_eq!(Date::parse_lenient(form), None, "{form}");
        }
    }
}
