//! Details of a request, besides its request line.

use std::{borrow::Cow, net::IpAddr};

use logtide_core::{Fields, TraceContext};

use crate::{AccessLog, Headers, RequestHead, headers::Captured};

/// The details to log with a request's first entry, besides its request line.
#[derive(Debug, Default)]
pub(crate) struct Details<'a> {
    query: Option<Cow<'a, str>>,
    ip: Option<IpAddr>,
    user_agent: Option<Cow<'a, str>>,
    headers: Captured,
    /// The incoming trace if the request does not belong to it.
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

    /// An owned copy to log when the request has ended. `None` if there are no details.
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
