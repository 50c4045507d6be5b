//! Where the API is, and what belongs to it. The token goes nowhere else.

use http::Uri;

use crate::error::GitHubError;
use crate::shown::shown;

/// The API of github.com.
pub const DEFAULT_API_URL: &str = "https://api.github.com";

/// The checked base address of the API: scheme, host and port, and a path such as `/api/v3`.
#[derive(Debug, Clone)]
pub(crate) struct ApiUrl {
    /// `https://api.github.com`
    origin: String,
    /// `/api/v3`, or empty. Never ends in a slash.
    base: String,
    /// The host, in lower case, without the port.
    host: String,
}

impl ApiUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, GitHubError> {
        let fault = |what: &str| GitHubError::Configuration {
            what: format!("the API address `{}` {what}", shown(text, 200)),
            help: format!(
                "set GITHUB_API_URL to an address such as `{DEFAULT_API_URL}` or `https://github.example.com/api/v3`"
            ),
        };
        let uri: Uri = text.trim().parse().map_err(|_| fault("is no address"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(fault("has no `https://` or no host"));
        };
        if authority.as_str().contains('@') {
            // Not quoted: what stands there may be a password.
            return Err(GitHubError::Configuration {
                what: "the API address holds a user name or a password".to_owned(),
                help: "put the token into GITHUB_TOKEN and leave the address without it".to_owned(),
            });
        }
        if uri.query().is_some() {
            return Err(fault("has a query"));
        }
        let host = authority.host().to_ascii_lowercase();
        match scheme {
            "https" => {}
            "http" if is_loopback(&host) => {}
            "http" => {
                return Err(fault("would send the token in clear text; it must be `https://`"));
            }
            _ => return Err(fault("must begin with `https://`")),
        }
        Ok(Self {
            origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()),
            base: uri.path().trim_end_matches('/').to_owned(),
            host,
        })
    }

    /// The full address of a path that begins with a slash, under the base.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.base)
    }

    /// Takes an address that GitHub gave (the next page, a redirection), absolute or as a path
    /// from the root. `None` when it leads to another server, another port, another scheme, or
    /// out of the API.
    pub(crate) fn own(&self, address: &str) -> Option<String> {
        let uri: Uri = address.trim().parse().ok()?;
        let origin = match (uri.scheme_str(), uri.authority()) {
            (None, None) => self.origin.clone(),
            (Some(scheme), Some(authority)) => {
                format!("{scheme}://{authority}").to_ascii_lowercase()
            }
            _ => return None,
        };
        let rest = uri.path().strip_prefix(&self.base)?;
        if !self.is_origin(&origin) || !rest.starts_with('/') {
            return None;
        }
        Some(self.join(&match uri.query() {
            Some(query) => format!("{rest}?{query}"),
            None => rest.to_owned(),
        }))
    }

    /// Compares origins, with the usual port written or not.
    fn is_origin(&self, origin: &str) -> bool {
        let plain = |text: &str| {
            let port = if text.starts_with("https:") { ":443" } else { ":80" };
            text.strip_suffix(port).unwrap_or(text).to_owned()
        };
        plain(origin) == plain(&self.origin)
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The base as text.
    pub(crate) fn text(&self) -> String {
        self.join("")
    }

    /// The address of the GraphQL API, beside the REST API and not below it on a server of one's
    /// own: <https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql#the-graphql-endpoint>.
    pub(crate) fn graphql(&self) -> String {
        format!("{}{}/graphql", self.origin, self.base.strip_suffix("/v3").unwrap_or(&self.base))
    }

    /// An address as it is shown: what follows the base, if it is below it.
    pub(crate) fn short<'a>(&self, address: &'a str) -> &'a str {
        address.strip_prefix(&self.text()).unwrap_or(address)
    }

    /// Whether it is one of GitHub's own clouds, whose limits cannot be switched off; a server of
    /// one's own has none unless its administrator sets them.
    pub(crate) fn is_cloud(&self) -> bool {
        self.host == "api.github.com" || self.host.ends_with(".ghe.com")
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_to_the_base() {
        let url = ApiUrl::parse("https://github.example.com/api/v3/").unwrap();
        assert_eq!(url.join("/user"), "https://github.example.com/api/v3/user");
        assert_eq!(ApiUrl::parse(DEFAULT_API_URL).unwrap().join("/x"), "https://api.github.com/x");
    }

    #[test]
    fn graphql_stands_beside_rest() {
        let graphql = |text| ApiUrl::parse(text).unwrap().graphql();
        assert_eq!(graphql(DEFAULT_API_URL), "https://api.github.com/graphql");
        let own = "https://github.example.com/api/v3";
        assert_eq!(graphql(own), "https://github.example.com/api/graphql");
    }

    #[test]
    fn an_address_elsewhere_is_not_ours() {
        let url = ApiUrl::parse("https://github.example.com/api/v3").unwrap();
        let own = |address| url.own(address);
        let good = "https://github.example.com/api/v3/x?page=2";
        assert_eq!(own(good).unwrap(), good);
        assert_eq!(own("/api/v3/x?page=2").unwrap(), good);
        assert_eq!(own("https://GitHub.example.com:443/api/v3/x?page=2").unwrap(), good);
        for foreign in [
            "https://evil.example/api/v3/x",
            "http://github.example.com/api/v3/x",
            "https://github.example.com:8443/api/v3/x",
            "https://github.example.com@evil.example/api/v3/x",
            "https://user@github.example.com/api/v3/x",
            "//evil.example/api/v3/x",
            "https://github.example.com/login",
            "https://github.example.com/api/v3evil",
            "x",
            "",
        ] {
            assert_eq!(own(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_token_is_never_sent_in_clear_text_over_a_network() {
        assert!(ApiUrl::parse("http://127.0.0.1:8900").is_ok());
        assert!(ApiUrl::parse("http://[::1]:8900").is_ok());
        assert!(ApiUrl::parse("http://localhost:8900/api").is_ok());
        for bad in ["http://github.example.com", "ftp://x", "api.github.com", "", "https://x/?a=b"]
        {
            assert!(ApiUrl::parse(bad).is_err(), "{bad}");
        }
        let error = ApiUrl::parse("https://me:hunter2@github.example.com").unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
