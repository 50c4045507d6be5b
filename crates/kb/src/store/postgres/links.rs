//! Links.

use sqlx::PgConnection;

use super::fault::Fault;
use crate::store::decode::link_row;
use crate::store::{Entity, Link};

/// Adds a link that somebody made; `false` if it was there.
pub(super) async fn add(connection: &mut PgConnection, link: &Link) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO links (from_kind, from_key, relation, to_kind, to_key)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING",
    )
    .bind(link.from.kind.as_str())
    .bind(&link.from.key)
    .bind(&link.relation)
    .bind(link.to.kind.as_str())
    .bind(&link.to.key)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes out a link that somebody made; `false` if it was not there.
pub(super) async fn remove(connection: &mut PgConnection, link: &Link) -> Result<bool, Fault> {
    let done = sqlx::query(
        "DELETE FROM links
        WHERE document IS NULL
            AND from_kind = $1
            AND from_key = $2
            AND relation = $3
            AND to_kind = $4
            AND to_key = $5",
    )
    .bind(link.from.kind.as_str())
    .bind(&link.from.key)
    .bind(&link.relation)
    .bind(link.to.kind.as_str())
    .bind(&link.to.key)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The links from and to an entity, or all; each once, in the order of [`Link`].
pub(super) async fn links(
    connection: &mut PgConnection,
    of: Option<&Entity>,
) -> Result<Vec<Link>, Fault> {
    let rows = sqlx::query(
        "SELECT DISTINCT
            from_kind,
            from_key,
            relation,
            to_kind,
            to_key,
            document IS NULL AS made
        FROM links
        WHERE $1 IS NULL
            OR (from_kind = $1 AND from_key = $2)
            OR (to_kind = $1 AND to_key = $2)",
    )
    .bind(of.map(|entity| entity.kind.as_str()))
    .bind(of.map(|entity| entity.key.as_str()))
    .fetch_all(connection)
    .await?;
    let mut links = rows.iter().map(link_row).collect::<Result<Vec<Link>, _>>()?;
    links.sort_unstable();
    Ok(links)
}
