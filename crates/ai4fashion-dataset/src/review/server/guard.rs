//! Who may ask.

use std::net::SocketAddr;

use tiny_http::{Method, Request};

use super::routes::Reply;

/// The value of a header, if it is there.
fn header<'a>(request: &'a Request, name: &'static str) -> Option<&'a str> {
    let found = request.headers().iter().find(|header| header.field.equiv(name));
    found.map(|header| header.value.as_str())
}

/// The answer to a request that is not of our own page on this machine; none if it is.
pub(super) fn refusal(request: &Request, address: SocketAddr) -> Option<Reply> {
    let names = [address.to_string(), format!("localhost:{}", address.port())];
    let host = header(request, "Host").unwrap_or_default();
    if !names.iter().any(|name| host.eq_ignore_ascii_case(name)) {
        return Some(Reply::text(403, "this server is for pages of this machine only"));
    }
    let is_ours = |origin: &str| {
        let name = origin.strip_prefix("http://");
        name.is_some_and(|name| name.eq_ignore_ascii_case(host))
    };
    let origin = header(request, "Origin");
    let site = header(request, "Sec-Fetch-Site");
    let allowed = match request.method() {
        // A browser always says where a page posts from.
        Method::Post => origin.is_some_and(is_ours),
        // A link or an address that was typed may come from anywhere, but leads to the page alone.
        _ if request.url() == "/" => true,
        _ => origin.is_none_or(is_ours) && site.is_none_or(|site| site == "same-origin" || site == "none"),
    };
    (!allowed).then(|| Reply::text(403, "pages of other sites are not answered"))
}
