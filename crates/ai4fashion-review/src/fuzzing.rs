//! The bodies of fuzz targets: each takes any bytes and asserts what holds of all of them.

pub use crate::server::request::fuzzing::http_request;

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::corpus;

    use super::*;

    #[test]
    fn inputs_that_fuzzing_has_found_hold_what_is_asserted() {
        corpus("http_request")
            .iter()
            .for_each(|input| http_request(input));
    }
}
