//! Well-known shapes of values: what a value is recognised by, whatever the variable is called.
//!
//! Owns the table of shapes: tokens with a prefix, keys, URLs and connection strings that hold a
//! password, and values that are public by design. The descriptions and key paths of the model
//! refuse text that has the shape of a secret; `leaks::detect` judges variables with the same table.
//!
//! Invariants: [`Evidence`] is a fixed text and never holds a value or a name. Patterns are compiled
//! once, on first use; each has a test for and against it.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

/// Why something looks like a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    id: &'static str,
    phrase: &'static str,
}

impl Evidence {
    /// Creates evidence from the stable name of a rule and a short phrase.
    pub(crate) const fn new(id: &'static str, phrase: &'static str) -> Self {
        Self { id, phrase }
    }

    /// Returns the stable name of the rule.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// Returns the evidence in a few words: "name ends in _KEY", "looks like a GitHub token".
    pub fn phrase(self) -> &'static str {
        self.phrase
    }

    /// Returns the evidence as a clause: "its name ends in _KEY", "it looks like a GitHub token".
    pub fn clause(self) -> String {
        let subject = match self.phrase.starts_with("name ") {
            true => "its",
            false => "it",
        };
        format!("{subject} {}", self.phrase)
    }
}

/// What follows from a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The value is a secret.
    Secret,
    /// The value is a secret, unless the variable is published to browsers.
    SecretUnlessPublished,
    /// The value is public, although it may look random.
    Public,
}

/// One row of the table.
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) evidence: Evidence,
    pub(crate) pattern: &'static str,
}

const fn shape(kind: Kind, id: &'static str, phrase: &'static str, pattern: &'static str) -> Shape {
    Shape {
        kind,
        evidence: Evidence::new(id, phrase),
        pattern,
    }
}

/// The table. The first secret shape that matches gives the evidence.
#[rustfmt::skip]
pub(crate) const SHAPES: &[Shape] = &[
    // Tokens with a prefix of their own. `\b` also holds after `=`, `:` and `/`, so that they are
    // found inside URLs and JSON; the least lengths keep words with the same beginning out.
    shape(Kind::Secret, "stripe_key", "looks like a Stripe key", r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{8,}"),
    shape(Kind::Secret, "webhook_signing_secret", "looks like a webhook signing secret", r"\bwhsec_[0-9A-Za-z+/=]{16,}"),
    shape(Kind::Secret, "github_token", "looks like a GitHub token", r"\b(?:gh[opsur]_[0-9A-Za-z]{30,}|github_pat_[0-9A-Za-z_]{30,})"),
    shape(Kind::Secret, "gitlab_token", "looks like a GitLab token", r"\b(?:gl(?:pat|dt|rt|cbt|ptt|agent|soat|ft|imt)-|GR1348941)[0-9A-Za-z_.-]{20,}"),
    shape(Kind::Secret, "aws_key_id", "looks like an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    shape(Kind::Secret, "slack_token", "looks like a Slack token", r"\b(?:xox[abeoprs]-(?:\d-)?|xapp-\d-)[0-9A-Za-z-]{10,}"),
    shape(Kind::Secret, "slack_webhook", "looks like a Slack webhook", r"\bhooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[0-9A-Za-z/_-]{16,}"),
    shape(Kind::Secret, "discord_webhook", "looks like a Discord webhook", r"\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{15,}/[0-9A-Za-z_-]{30,}"),
    shape(Kind::Secret, "teams_webhook", "looks like a Teams webhook", r"\bwebhook\.office\.com/webhookb2/[0-9a-f-]{36}@"),
    shape(Kind::Secret, "anthropic_key", "looks like an Anthropic key", r"\bsk-ant-[a-z0-9]+-[0-9A-Za-z_-]{16,}"),
    shape(Kind::Secret, "openai_key", "looks like an OpenAI key", r"\bsk-(?:(?:proj|svcacct|admin|or-v1|lf)-[0-9A-Za-z_-]{16,}|[0-9A-Za-z]{32,})"),
    shape(Kind::Secret, "hugging_face_token", "looks like a Hugging Face token", r"\bhf_[0-9A-Za-z]{30,}"),
    shape(Kind::Secret, "ai_service_key", "looks like the key of an AI service", r"\b(?:gsk_|xai-|pplx-|r8_)[0-9A-Za-z]{32,}"),
    shape(Kind::Secret, "sendgrid_key", "looks like a SendGrid key", r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}"),
    shape(Kind::Secret, "mail_service_key", "looks like the key of a mail service", r"\b(?:[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b|md-[0-9A-Za-z_-]{22}\b|xkeysib-[0-9a-f]{64}|xsmtpsib-[0-9a-f]{64}|re_[0-9A-Za-z]{6,}_[0-9A-Za-z]{16,}|key-[0-9a-f]{32}\b|[0-9a-f]{32}-us\d{1,2}\b)"),
    shape(Kind::Secret, "npm_token", "looks like an npm token", r"\bnpm_[0-9A-Za-z]{36}"),
    shape(Kind::Secret, "pypi_token", "looks like a PyPI token", r"\bpypi-[0-9A-Za-z_-]{32,}"),
    shape(Kind::Secret, "registry_token", "looks like the token of a package registry", r"\b(?:rubygems_[0-9a-f]{48}|dckr_(?:pat|oat)_[0-9A-Za-z_-]{24,}|cio[0-9A-Za-z]{32}\b)"),
    shape(Kind::Secret, "digitalocean_token", "looks like a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}"),
    shape(Kind::Secret, "shopify_token", "looks like a Shopify token", r"\bshp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{32}"),
    shape(Kind::Secret, "twilio_key", "looks like a Twilio key", r"\bSK[0-9a-f]{32}\b"),
    shape(Kind::Secret, "telegram_token", "looks like a Telegram bot token", r"(?:\b|bot)\d{8,10}:[0-9A-Za-z_-]{35}(?:[^0-9A-Za-z_-]|$)"),
    shape(Kind::Secret, "square_token", "looks like a Square token", r"\b(?:EAAA[0-9A-Za-z_-]{60}|sq0(?:atp|csp)-[0-9A-Za-z_-]{22,})"),
    shape(Kind::Secret, "linear_key", "looks like a Linear key", r"\blin_(?:api|oauth)_[0-9A-Za-z]{32,}"),
    shape(Kind::Secret, "notion_token", "looks like a Notion token", r"\b(?:secret_[0-9A-Za-z]{43}|ntn_[0-9A-Za-z]{40,})\b"),
    shape(Kind::Secret, "vault_token", "looks like a HashiCorp token", r"\bhv[sbr]\.[0-9A-Za-z_-]{24,}|[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,}"),
    shape(Kind::Secret, "grafana_token", "looks like a Grafana token", r"\bgl(?:c|sa)_[0-9A-Za-z+/=_]{32,}"),
    shape(Kind::Secret, "doppler_token", "looks like a Doppler token", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[0-9A-Za-z._-]{32,}"),
    shape(Kind::Secret, "supabase_key", "looks like a Supabase key", r"\b(?:sbp_[0-9a-f]{40}|sb_secret_[0-9A-Za-z_-]{20,})"),
    shape(Kind::Secret, "fly_token", "looks like a Fly.io token", r"\bFlyV1 fm\d_|\bfo1_[0-9A-Za-z_-]{43}"),
    shape(Kind::Secret, "sentry_token", "looks like a Sentry token", r"\bsntry[su]_[0-9A-Za-z+/=_]{40,}"),
    shape(Kind::Secret, "planetscale_token", "looks like a PlanetScale token", r"\bpscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.-]{32,}"),
    shape(Kind::Secret, "atlassian_token", "looks like an Atlassian token", r"\bAT(?:ATT|CTT|BB)[0-9A-Za-z_=-]{24,}"),
    shape(Kind::Secret, "google_oauth", "looks like a Google OAuth secret", r"\b(?:GOCSPX-[0-9A-Za-z_-]{20,}|ya29\.[0-9A-Za-z_-]{20,}|1//0[0-9A-Za-z_-]{30,})"),
    shape(Kind::SecretUnlessPublished, "google_api_key", "looks like a Google API key", r"\bAIza[0-9A-Za-z_-]{35}"),
    shape(Kind::SecretUnlessPublished, "jwt", "looks like a JSON Web Token", r"\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*"),
    shape(Kind::Secret, "service_token", "looks like the token of a service", r"\b(?:NRAK-[0-9A-Z]{27}|[0-9a-f]{36}NRAL|pat[0-9A-Za-z]{14}\.[0-9a-f]{64}|figd_[0-9A-Za-z_-]{30,}|sk\.eyJ[0-9A-Za-z_-]{20,}|HRKU-[0-9A-Za-z_-]{30,}|nfp_[0-9A-Za-z]{30,}|vc[pk]_[0-9A-Za-z]{20,}|dapi[0-9a-f]{32}|sq[upa]_[0-9a-f]{40}|sl\.[0-9A-Za-z_-]{60,}|pk_\d{5,}_[0-9A-Z]{32}|CFPAT-[0-9A-Za-z_-]{40,}|pul-[0-9a-f]{40}|tskey-[a-z]+-[0-9A-Za-z-]{16,}|bk[au]{2}_[0-9a-f]{32,}|CCIP(?:AT|RJ)_[0-9A-Za-z_]{20,}|tvly-[0-9A-Za-z-]{20,}|lsv2_(?:pt|sk)_[0-9a-f_]{32,}|pcsk_[0-9A-Za-z_]{30,}|FLWSECK(?:_TEST)?-[0-9A-Za-z-]{16,}|napi_[0-9a-z]{40,}|xau_[0-9A-Za-z]{30,}|tfp_[0-9A-Za-z_]{30,}|pat-(?:na|eu)\d-[0-9a-f-]{36}|ATTA[0-9a-f]{60,}|shippo_(?:live|test)_[0-9a-f]{40}|EZ[AT]K[0-9A-Za-z]{50,}|duffel_(?:live|test)_[0-9A-Za-z_-]{30,}|LTAI[0-9A-Za-z]{12,24}\b|EAA[0-9A-Za-z]{80,}|ops_eyJ[0-9A-Za-z_-]{40,}|sdk-[0-9a-f]{8}-[0-9a-f-]{27}|nvapi-[0-9A-Za-z_-]{40,}|ctx7sk-[0-9a-f-]{30,}|e2b_[0-9a-f]{40}|fc-[0-9a-f]{32}\b|apify_api_[0-9A-Za-z]{30,}|phx_[0-9A-Za-z]{30,}|rnd_[0-9A-Za-z]{24,}|rpa_[0-9A-Z]{30,}|sgp_[0-9a-f_]{40,}|AQE[0-9A-Za-z+/=_-]{60,}|waka_[0-9a-f-]{36}|exp_live_[0-9A-Za-z]{30,}|glean_[0-9A-Za-z]{30,}|xoxe\.xox[bp]-\d-[0-9A-Za-z]{40,}|dt0c01\.[0-9A-Z]{24}\.[0-9A-Z]{60,}|AAAAAAAAAAAAAAAAAAAA[0-9A-Za-z%]{60,}|1//0[0-9A-Za-z_-]{40,})"),
    // Keys and connections.
    shape(Kind::Secret, "private_key", "holds a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|\bPuTTY-User-Key-File-\d"),
    shape(Kind::Secret, "age_key", "holds an age secret key", r"\bAGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}|\bage-secret-key-(?:pq-)?1[0-9a-z]{50,}"),
    shape(Kind::Secret, "url_password", "is a URL with a password", concat!(
        // The usual form, with everything special escaped.
        r#"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@"]*:[^\s/?#@"${<][^\s/?#@"]*@[^\s@]"#,
        // With `/`, `?`, `#` or `$` in the password. What is a port is none.
        r#"|\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@"]*:\d*[^\d\s/?#@"${<][^\s@"]*@[^\s@]"#,
        r#"|\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@"]+:(?:[/?#]|\$\w*[^\w\s@"{($])[^\s@"]*@[^\s@]"#,
        // A password of digits and such a character, where no path follows a port.
        r#"|\b(?:postgres(?:ql)?|mysql|mariadb|rediss?|mongodb(?:\+srv)?|amqps?|mssql|sqlserver|clickhouse|cockroachdb)(?:\+\w+)?://[^\s/?#:@"]+:\d+[/?#][^\s@"]*@[A-Za-z0-9]"#,
        // The password itself has an `@`.
        r#"|\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@"]*:\d*[^\d\s/?#@"${<][^\s"]*@[A-Za-z0-9\[][A-Za-z0-9.\]_-]*(?:[:/?]|$)"#,
        // The forms of Go, of Oracle and of those that leave the scheme out.
        r#"|^[^\s:/@]+:[^\s@/][^\s@]*@(?:tcp|unix|udp)\(|\bjdbc:oracle:\w+:[^/\s@]+/[^@\s]+@|^[A-Za-z0-9_.-]+:[^\s@:/][^\s@:]*@[A-Za-z0-9.-]+:\d+(?:/|$)"#,
    )),
    shape(Kind::Secret, "url_token", "is a URL with a secret in its query", r"(?i)://[^\s?]+\?(?:[^\s]*&)?(?:access_?token|access_?key|api_?key|apikey|appid|auth|auth_?token|client_secret|code|credential|key|passwd|password|pwd|secret|sig|signature|token|x-amz-signature)=[^\s&#${<]{8,}|(?i)[?&](?:password|passwd|pwd)=[^\s&#;${<]"),
    shape(Kind::Secret, "url_key", "is the URL of a service with a key in its path", r"\b(?:[a-z0-9-]+\.g\.alchemy\.com/v2/[0-9A-Za-z_-]{20,}|[a-z0-9-]+\.infura\.io/(?:ws/)?v3/[0-9a-f]{32}|[a-z0-9.-]+\.quiknode\.pro/[0-9a-f]{20,}|rpc\.ankr\.com/[a-z0-9_/]+/[0-9a-f]{32,}|hooks\.zapier\.com/hooks/catch/\d+/[0-9a-z]{5,}|maker\.ifttt\.com/trigger/\w+/(?:json/)?with/key/[0-9A-Za-z_-]{10,}|hook\.(?:eu|us)\d?\.make\.com/[0-9a-z]{20,}|hc-ping\.com/[0-9a-f-]{36}|[a-z0-9.-]+\.logic\.azure\.com\S*sig=)"),
    shape(Kind::Secret, "azure_connection", "is a connection string with a key", r"(?i)\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|PrimaryKey)=[0-9A-Za-z+/%=]{16,}|\bInstrumentationKey=[0-9a-f]{8}-|;(?:Secret|Key|ApiKey|Token|ClientSecret)=[^;\s${<]{8,}"),
    shape(Kind::Secret, "connection_password", "is a connection string with a password", r"(?i)(?:^|[;,\s])(?:password|passwd|pwd)\s*=\s*[^;,\s${<*]"),
    shape(Kind::Secret, "json_secret", "is JSON with a secret in it", r#"(?i)"(?:private_?key|client_?secret|refresh_?token|access_?token|(?:aws_?)?secret_?access_?key|secret(?:_?key)?|api_?key|api_?token|token|auth|password|passwd|passphrase|connection_?string)"\s*:\s*"[^"${<*]{6,}"|"d"\s*:\s*"[0-9A-Za-z_-]{20,}"|"k"\s*:\s*"[0-9A-Za-z_-]{20,}""#),
    shape(Kind::Secret, "config_secret", "is a configuration with a secret in it", r"(?m)^\s*(?:PrivateKey|PresharedKey|aws_secret_access_key|client-key-data:|//[^\s=]+/:_authToken|_auth|_authToken|_password)\s*=?\s*[^\s${<*=]{12,}|\bmachine \S+ login \S+ password \S+"),
    shape(Kind::Secret, "password_hash", "looks like a password hash", r"^(?:[A-Za-z0-9_.@-]+:)?\$(?:2[abxy]|argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]*|apr1|[156y])\$[^\s]{12,}$"),
    shape(Kind::Secret, "basic_auth", "is an authorisation header", r"^(?:Basic|Bearer) [0-9A-Za-z+/=_.~-]{12,}$"),

    // Public by design.
    shape(Kind::Public, "public_key", "is a public key or certificate", r"^-----BEGIN (?:(?:[A-Z0-9]+ )*PUBLIC KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST)?|SSH2 PUBLIC KEY)-----"),
    shape(Kind::Public, "ssh_public_key", "is an SSH public key", r"^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com) AAAA"),
    shape(Kind::Public, "age_recipient", "is an age recipient", r"^age1[0-9a-z]{20,}$"),
    shape(Kind::Public, "publishable_key", "is a publishable key", r"^(?:pk_(?:live|test)_|sb_publishable_|pk\.eyJ|phc_|rzp_(?:live|test)_|sq0idp-|FLWPUBK(?:_TEST)?-|pdl_live_client_|GTM-|G-|UA-\d)[0-9A-Za-z_.-]+$"),
    shape(Kind::Public, "sentry_dsn", "is a public Sentry DSN", r"^https?://[0-9a-f]{32}@[A-Za-z0-9.:-]+/(?:[^\s:@]*/)?\d+$"),
    shape(Kind::Public, "secret_reference", "names a secret that is kept elsewhere", r"^(?:arn:aws[a-z-]*:|@Microsoft\.KeyVault\(|projects/[^/\s]+/|ref\+[a-z]+://|alias/|vault:[a-z0-9_/-]+#\w+$)"),
    shape(Kind::Public, "email", "is an e-mail address", r"^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$"),
    shape(Kind::Public, "boolean", "is a boolean or a switch", r"(?i)^(?:true|false|yes|no|on|off|enabled?|disabled?|auto|none|null|nil)$"),
    shape(Kind::Public, "fraction_or_duration", "is a number with a unit", r"(?i)^[+-]?\d+(?:\.\d+)? ?(?:ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|[kmgt]i?b?|%)$"),
    shape(Kind::Public, "date", "is a date", r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$"),
    shape(Kind::Public, "network", "is an address in a network", r"^(?:\d{1,3}\.){3}\d{1,3}(?::\d+|/\d{1,2})?$|^(?i:localhost)(?::\d+)?$"),
    shape(Kind::Public, "url", "is a URL without a password", r"^(?:[a-z][a-z0-9+.-]*://[^\s@]*|(?:sqlite|file):[^\s]*)$"),
    shape(Kind::Public, "path", "is the path of a file", r"^(?:~|\.{1,2})?/(?:[A-Za-z0-9_@. -]+/)*[A-Za-z0-9_@-]+\.(?:[a-z0-9]{1,7}|age|asc|crt|jwk|key|p12|p8|pem|pub)$|^(?:~|\.{1,2})/[A-Za-z0-9_@./-]+$|^/(?:dev|etc|home|mnt|opt|proc|root|run|srv|tmp|usr|var|Users|Volumes)/[A-Za-z0-9_@./-]+$|^[A-Za-z]:\\[^:*?]+$|^[A-Za-z0-9_-]+\.(?:crt|jwk|key|p12|p8|pem|pub)$"),
];

/// The patterns of [`SHAPES`], compiled together. Every pattern is about ASCII; Unicode's tables are
/// not compiled in.
///
/// A pattern that does not compile would leave the whole set empty; a test compiles each.
static COMPILED: LazyLock<RegexSet> =
    LazyLock::new(|| compile(SHAPES.iter().map(|one| one.pattern)));

/// Compiles patterns into one set.
pub(crate) fn compile<'p>(patterns: impl Iterator<Item = &'p str>) -> RegexSet {
    RegexSetBuilder::new(patterns)
        .unicode(false)
        .build()
        .unwrap_or_default()
}

/// Returns the shapes that a value has.
pub(crate) fn shapes_of(value: &[u8]) -> Vec<&'static Shape> {
    let matches = COMPILED.matches(value).into_iter();
    matches.filter_map(|index| SHAPES.get(index)).collect()
}

/// Returns the shape of a secret that a text contains, if any. For text that must not contain a
/// secret, such as a description or a key path.
pub fn known_shape(text: &str) -> Option<Evidence> {
    if !may_have_shape(text) {
        return None;
    }
    shapes_of(text.as_bytes())
        .into_iter()
        .find(|shape| shape.kind != Kind::Public)
        .map(|shape| shape.evidence)
}

/// Reports whether a text can have any shape of a secret: it has a word as long as the shortest
/// token, or a mark that the other shapes need.
///
/// Compiling the patterns takes longer than the rest of a `set`. A description in plain words
/// needs none of them.
fn may_have_shape(text: &str) -> bool {
    const SHORTEST_TOKEN: usize = 15;
    const MARKS: &[&str] = &[
        "@",
        "machine ",
        "://",
        "=",
        "\"",
        "$",
        "-----BEGIN ",
        "FlyV1 ",
        "Basic ",
        "Bearer ",
    ];
    text.split_ascii_whitespace()
        .any(|word| word.len() >= SHORTEST_TOKEN)
        || MARKS.iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests;
