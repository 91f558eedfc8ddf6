//! What is logged of a request beside its line.

use std::{borrow::Cow, net::IpAddr};

use logtide_core::{Fields, TraceContext};

use crate::{AccessLog, Headers, RequestHead, headers::Captured};

/// What is logged of a request beside its line, in its first entry.
#[derive(Debug, Default)]
pub(crate) struct Details<'a> {
    query: Option<Cow<'a, str>>,
    ip: Option<IpAddr>,
    user_agent: Option<Cow<'a, str>>,
    headers: Captured,
    /// The trace that the request brought and does not belong to.
    incoming: Option<TraceContext>,
}

impl<'a> Details<'a> {
    pub(crate) fn new<H: Headers>(
        log: &AccessLog,
        request: &RequestHead<'a, H>,
        incoming: Option<TraceContext>,
    ) -> Self {
        let options = log.options();
        Self {
            query: request.query.filter(|_| options.query_string).map(Into::into),
            ip: request.client_ip.filter(|_| log.may_log(options.client_ip)),
            user_agent: log.user_agent(request).map(Into::into),
            headers: Captured::new(request.headers, &options.capture_headers),
            incoming,
        }
    }

    /// The same, to be written when the request has ended. None where there is nothing.
    pub(crate) fn kept(self) -> Option<Box<Details<'static>>> {
        let Self { query, ip, user_agent, headers, incoming } = self;
        let is_empty = query.is_none()
            && ip.is_none()
            && user_agent.is_none()
            && headers.is_empty()
            && incoming.is_none();
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        (!is_empty).then(|| {
            Box::new(Details {
                query: query.map(owned),
                ip,
                user_agent: user_agent.map(owned),
                headers,
                incoming,
            })
        })
    }

    pub(crate) fn write_to(&self, fields: &mut Fields<'_>) {
        let texts = [("query", &self.query), ("user_agent", &self.user_agent)];
        for (key, text) in texts {
            if let Some(text) = text {
                fields.field(key, &**text);
            }
        }
        if let Some(ip) = self.ip {
            fields.display("ip", ip);
        }
        if !self.headers.is_empty() {
            fields.field("headers", &self.headers);
        }
        if let Some(incoming) = &self.incoming {
            fields.field("incoming_trace_id", incoming.trace_id.as_str());
            if let Some(span_id) = incoming.span_id {
                fields.display("incoming_span_id", span_id);
            }
        }
    }
}
