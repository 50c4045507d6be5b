//! Names with capitals inside that are one word to everybody: `GitHub`, not `git` and `hub`.

/// Whether a folded word is such a name.
pub(super) fn is_product(word: &str) -> bool {
    NAMES.binary_search(&word).is_ok()
}

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "bigquery", "bitbucket", "clickhouse", "cloudflare", "cockroachdb", "datadog", "devops",
    "dockerhub", "dynamodb", "fastapi", "fastembed", "github", "gitlab", "gitops", "graphql",
    "hashicorp", "ipad", "iphone", "javascript", "jetbrains", "jwt", "linkedin", "macos", "mariadb",
    "mongodb", "mysql", "netbsd", "nodejs", "npm", "oauth", "onnx", "openai", "openapi", "openbsd",
    "openid", "openssl", "opentelemetry", "paypal", "postgresql", "powershell", "pytorch",
    "rabbitmq", "sqlite", "systemd", "tensorflow", "typescript", "vscode", "webassembly", "webhook",
    "websocket", "whatsapp", "wifi", "youtube",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted() {
        for pair in NAMES.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert!(is_product("github") && !is_product("repositoryprovider"));
    }
}
