//! Requests that are refused for where they come from.

use std::net::SocketAddr;

use super::{reply::Reply, request::Request};

/// Refuses a request that is not from our own page on this machine.
pub(super) fn refusal(request: &Request, address: SocketAddr) -> Option<Reply> {
    let names = [address.to_string(), format!("localhost:{}", address.port())];
    let host = request.header("Host").unwrap_or_default();
    if !names.iter().any(|name| host.eq_ignore_ascii_case(name)) {
        return Some(Reply::text(403, "this server answers pages on this machine only"));
    }
    let is_ours = |origin: &str| {
        let name = origin.strip_prefix("http://");
        name.is_some_and(|name| name.eq_ignore_ascii_case(host))
    };
    let origin = request.header("Origin");
    let site = request.header("Sec-Fetch-Site");
    let allowed = match &*request.method {
        // A browser always says where a page posts from.
        "POST" => origin.is_some_and(is_ours),
        // A link or a typed address may come from anywhere, but leads to the page alone.
        _ if request.target == "/" => true,
        _ => origin.is_none_or(is_ours) && site.is_none_or(|site| site == "same-origin" || site == "none"),
    };
    (!allowed).then(|| Reply::text(403, "this server does not answer other sites"))
}
