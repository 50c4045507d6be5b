//! "Did you mean": the known name nearest to one that is not known.

/// The candidate that `name` most probably meant, or `None` if nothing is near.
///
/// Near means at most one edit in three characters (transpositions count as
/// one), and at least one; case is ignored.
#[must_use]
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // A name longer than any real one is noise, and comparing it costs the
    // product of both lengths.
    if name.chars().count() > 80 {
        return None;
    }
    let lower = name.to_lowercase();
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A help sentence for an unknown `name`: the nearest candidate, else the list
/// of all of them.
#[must_use]
pub fn suggestion<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> String {
    match nearest(name, candidates.clone()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => {
            let all: Vec<&str> = candidates.into_iter().collect();
            format!("use one of {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_near_name_and_no_far_one() {
        let keys = ["owner_role", "title", "status"];
        assert_eq!(nearest("ownr_role", keys), Some("owner_role"));
        assert_eq!(nearest("Staus", keys), Some("status"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"x".repeat(100_000), keys), None);
    }
}
