//! What looks like a secret.
//!
//! Owns the judgement behind `verify`'s "unvaulted" and `import`'s choice: one table of rules
//! for variable names and for the shapes of values, and a measure of randomness for what no rule
//! knows.
//!
//! Order of judgement, first answer wins:
//! 1. Nothing, or only whitespace: [`Verdict::Empty`].
//! 2. A mask or placeholder (see [`crate::value::MaskKind`]) protects nothing: plain.
//! 3. A well-known shape of a secret is one, whatever the name says; in a variable that is meant
//!    for browsers (`NEXT_PUBLIC_…`) all but the shapes that browsers are given.
//! 4. In a variable named webhook, a URL with a random part: a secret. Then a well-known shape of
//!    something public (a public key, a certificate, a switch, a path, a plain URL) is plain.
//! 5. A name that says secret, with a value that can be one: a secret.
//! 6. A value that looks drawn by lot, in a variable whose name does not explain it: a secret.
//!
//! Invariants: a [`Reason`] is a fixed text and never holds a value or a name. Rules are
//! compiled once, on first use; each has a test for and against it.
//!
//! Limits: it errs towards plain where a name says nothing. A weak password in a variable with an
//! innocent name is not found, nor is a random text in one case of letters only, nor one in
//! hexadecimal, which looks the same as a checksum.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::secret::SecretBytes;
use crate::value;

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It looks like a secret.
    Secret(Reason),
    /// It does not.
    Plain,
    /// There is no value.
    Empty,
}

impl Verdict {
    /// Whether it looks like a secret.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret(_))
    }
}

/// Why something looks like a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    id: &'static str,
    phrase: &'static str,
}

impl Reason {
    /// Stable name of the rule.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// The reason in words, to follow "it": "name ends in _KEY", "looks like a GitHub token".
    pub fn phrase(self) -> &'static str {
        self.phrase
    }
}

/// What a rule looks at, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A value that is a secret.
    Shape,
    /// A value that is a secret unless the variable is meant for browsers.
    ShapeForBrowsers,
    /// A value that is public although it looks like a secret.
    PublicShape,
    /// A name, in upper case, of a variable that holds a secret.
    Name,
    /// A name, in upper case, that only seems to say so.
    PublicName,
}

struct Rule {
    kind: Kind,
    reason: Reason,
    pattern: &'static str,
}

const fn rule(kind: Kind, id: &'static str, phrase: &'static str, pattern: &'static str) -> Rule {
    Rule {
        kind,
        reason: Reason { id, phrase },
        pattern,
    }
}

/// The table. Within a kind the first rule that matches gives the reason.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    // Tokens with a prefix of their own. `\b` also holds after `=`, `:` and `/`, so that they are
    // found inside URLs and JSON; the least lengths keep words with the same beginning out.
    rule(Kind::Shape, "stripe_key", "looks like a Stripe key", r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{8,}"),
    rule(Kind::Shape, "webhook_signing_secret", "looks like a webhook signing secret", r"\bwhsec_[0-9A-Za-z+/=]{16,}"),
    rule(Kind::Shape, "github_token", "looks like a GitHub token", r"\b(?:gh[opsur]_[0-9A-Za-z]{30,}|github_pat_[0-9A-Za-z_]{30,})"),
    rule(Kind::Shape, "gitlab_token", "looks like a GitLab token", r"\b(?:gl(?:pat|dt|rt|cbt|ptt|agent|soat|ft|imt)-|GR1348941)[0-9A-Za-z_.-]{20,}"),
    rule(Kind::Shape, "aws_key_id", "looks like an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    rule(Kind::Shape, "slack_token", "looks like a Slack token", r"\b(?:xox[abeoprs]-(?:\d-)?|xapp-\d-)[0-9A-Za-z-]{10,}"),
    rule(Kind::Shape, "slack_webhook", "looks like a Slack webhook", r"\bhooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[0-9A-Za-z/_-]{16,}"),
    rule(Kind::Shape, "discord_webhook", "looks like a Discord webhook", r"\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{15,}/[0-9A-Za-z_-]{30,}"),
    rule(Kind::Shape, "teams_webhook", "looks like a Teams webhook", r"\bwebhook\.office\.com/webhookb2/[0-9a-f-]{36}@"),
    rule(Kind::Shape, "anthropic_key", "looks like an Anthropic key", r"\bsk-ant-[a-z0-9]+-[0-9A-Za-z_-]{16,}"),
    rule(Kind::Shape, "openai_key", "looks like an OpenAI key", r"\bsk-(?:(?:proj|svcacct|admin|or-v1|lf)-[0-9A-Za-z_-]{16,}|[0-9A-Za-z]{32,})"),
    rule(Kind::Shape, "hugging_face_token", "looks like a Hugging Face token", r"\bhf_[0-9A-Za-z]{30,}"),
    rule(Kind::Shape, "ai_service_key", "looks like the key of an AI service", r"\b(?:gsk_|xai-|pplx-|r8_)[0-9A-Za-z]{32,}"),
    rule(Kind::Shape, "sendgrid_key", "looks like a SendGrid key", r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}"),
    rule(Kind::Shape, "mail_service_key", "looks like the key of a mail service", r"\b(?:xkeysib-[0-9a-f]{64}|xsmtpsib-[0-9a-f]{64}|re_[0-9A-Za-z]{6,}_[0-9A-Za-z]{16,}|key-[0-9a-f]{32}\b|[0-9a-f]{32}-us\d{1,2}\b)"),
    rule(Kind::Shape, "npm_token", "looks like an npm token", r"\bnpm_[0-9A-Za-z]{36}"),
    rule(Kind::Shape, "pypi_token", "looks like a PyPI token", r"\bpypi-[0-9A-Za-z_-]{32,}"),
    rule(Kind::Shape, "registry_token", "looks like the token of a package registry", r"\b(?:rubygems_[0-9a-f]{48}|dckr_(?:pat|oat)_[0-9A-Za-z_-]{24,}|cio[0-9A-Za-z]{32}\b)"),
    rule(Kind::Shape, "digitalocean_token", "looks like a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}"),
    rule(Kind::Shape, "shopify_token", "looks like a Shopify token", r"\bshp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{32}"),
    rule(Kind::Shape, "twilio_key", "looks like a Twilio key", r"\bSK[0-9a-f]{32}\b"),
    rule(Kind::Shape, "telegram_token", "looks like a Telegram bot token", r"(?:\b|bot)\d{8,10}:[0-9A-Za-z_-]{35}(?:[^0-9A-Za-z_-]|$)"),
    rule(Kind::Shape, "square_token", "looks like a Square token", r"\b(?:EAAA[0-9A-Za-z_-]{60}|sq0(?:atp|csp)-[0-9A-Za-z_-]{22,})"),
    rule(Kind::Shape, "linear_key", "looks like a Linear key", r"\blin_(?:api|oauth)_[0-9A-Za-z]{32,}"),
    rule(Kind::Shape, "notion_token", "looks like a Notion token", r"\b(?:secret_[0-9A-Za-z]{43}|ntn_[0-9A-Za-z]{40,})\b"),
    rule(Kind::Shape, "vault_token", "looks like a HashiCorp token", r"\bhv[sbr]\.[0-9A-Za-z_-]{24,}|[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,}"),
    rule(Kind::Shape, "grafana_token", "looks like a Grafana token", r"\bgl(?:c|sa)_[0-9A-Za-z+/=_]{32,}"),
    rule(Kind::Shape, "doppler_token", "looks like a Doppler token", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[0-9A-Za-z._-]{32,}"),
    rule(Kind::Shape, "supabase_key", "looks like a Supabase key", r"\b(?:sbp_[0-9a-f]{40}|sb_secret_[0-9A-Za-z_-]{20,})"),
    rule(Kind::Shape, "fly_token", "looks like a Fly.io token", r"\bFlyV1 fm\d_|\bfo1_[0-9A-Za-z_-]{43}"),
    rule(Kind::Shape, "sentry_token", "looks like a Sentry token", r"\bsntry[su]_[0-9A-Za-z+/=_]{40,}"),
    rule(Kind::Shape, "planetscale_token", "looks like a PlanetScale token", r"\bpscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.-]{32,}"),
    rule(Kind::Shape, "atlassian_token", "looks like an Atlassian token", r"\bAT(?:ATT|CTT|BB)[0-9A-Za-z_=-]{24,}"),
    rule(Kind::Shape, "google_oauth", "looks like a Google OAuth secret", r"\b(?:GOCSPX-[0-9A-Za-z_-]{20,}|ya29\.[0-9A-Za-z_-]{20,}|1//0[0-9A-Za-z_-]{30,})"),
    rule(Kind::ShapeForBrowsers, "google_api_key", "looks like a Google API key", r"\bAIza[0-9A-Za-z_-]{35}"),
    rule(Kind::ShapeForBrowsers, "jwt", "looks like a JSON Web Token", r"\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*"),
    // Keys and connections.
    rule(Kind::Shape, "private_key", "holds a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|\bPuTTY-User-Key-File-\d"),
    rule(Kind::Shape, "age_key", "holds an age secret key", r"\bAGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}|\bage-secret-key-(?:pq-)?1[0-9a-z]{50,}"),
    rule(Kind::Shape, "url_password", "is a URL with a password", r"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@]*:[^\s/?#@${<][^\s/?#@]*@[^\s@]"),
    rule(Kind::Shape, "url_token", "is a URL with a secret in its query", r"(?i)://[^\s?]+\?(?:[^\s]*&)?(?:access_token|api_?key|client_secret|password|pwd|secret|sig|signature|token|x-amz-signature)=[^\s&#]{8,}"),
    rule(Kind::Shape, "azure_connection", "is a connection string with a key", r"(?i)\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[0-9A-Za-z+/%=]{16,}"),
    rule(Kind::Shape, "connection_password", "is a connection string with a password", r"(?i)(?:^|[;\s])(?:password|pwd)\s*=\s*[^;\s${<]"),
    rule(Kind::Shape, "json_secret", "is JSON with a secret in it", r#""(?:private_key|client_secret|refresh_token|secretAccessKey|password)"\s*:\s*"[^"]{6,}""#),
    rule(Kind::Shape, "password_hash", "looks like a password hash", r"^\$(?:2[abxy]|argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]*|apr1|[156y])\$[^\s]{12,}$"),
    rule(Kind::Shape, "basic_auth", "is an authorisation header", r"^(?:Basic|Bearer) [0-9A-Za-z+/=_.~-]{12,}$"),

    // Public by design.
    rule(Kind::PublicShape, "public_key", "is a public key or certificate", r"^-----BEGIN (?:(?:[A-Z0-9]+ )*PUBLIC KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST)?|SSH2 PUBLIC KEY)-----"),
    rule(Kind::PublicShape, "ssh_public_key", "is an SSH public key", r"^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com) AAAA"),
    rule(Kind::PublicShape, "age_recipient", "is an age recipient", r"^age1[0-9a-z]{20,}$"),
    rule(Kind::PublicShape, "publishable_key", "is a publishable key", r"^(?:pk_(?:live|test)_|sb_publishable_|pk\.eyJ)[0-9A-Za-z_.-]+$"),
    rule(Kind::PublicShape, "boolean", "is a boolean or a switch", r"(?i)^(?:true|false|yes|no|on|off|enabled?|disabled?|auto|none|null|nil)$"),
    rule(Kind::PublicShape, "fraction_or_duration", "is a number with a unit", r"(?i)^[+-]?\d+(?:\.\d+)? ?(?:ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|[kmgt]i?b?|%)$"),
    rule(Kind::PublicShape, "date", "is a date", r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$"),
    rule(Kind::PublicShape, "network", "is an address in a network", r"^(?:\d{1,3}\.){3}\d{1,3}(?::\d+|/\d{1,2})?$|^(?i:localhost)(?::\d+)?$"),
    rule(Kind::PublicShape, "url", "is a URL without a password", r"^(?:[a-z][a-z0-9+.-]*://[^\s@]*|(?:sqlite|file):[^\s]*)$"),
    rule(Kind::PublicShape, "path", "is the path of a file", r"^(?:~|\.{1,2})?/(?:[A-Za-z0-9_@. -]+/)*[A-Za-z0-9_@-]+\.(?:[a-z0-9]{1,7}|age|asc|crt|jwk|key|p12|p8|pem|pub)$|^(?:~|\.{1,2})/[A-Za-z0-9_@./-]+$|^/(?:dev|etc|home|mnt|opt|proc|root|run|srv|tmp|usr|var|Users|Volumes)/[A-Za-z0-9_@./-]+$|^[A-Za-z]:\\[^:*?]+$|^[A-Za-z0-9_-]+\.(?:crt|jwk|key|p12|p8|pem|pub)$"),

    // Names that only seem to say secret. They are asked first.
    rule(Kind::PublicName, "public_name", "is named as public", r"(?:^|_)(?:PUBLIC|PUBLISHABLE|PUB|ANON|SITE)_?(?:API_?)?(?:KEY|TOKEN)S?(?:_|$)|(?:^|_)PUBLIC_(?:.*_)?(?:KEY|TOKEN)S?$"),
    rule(Kind::PublicName, "lookup_key", "names a key of a collection", r"(?:^|_)(?:PRIMARY|FOREIGN|SORT|PARTITION|SHARD|CACHE|INDEX|OBJECT|GROUP|LOOKUP|HOT|ARROW|TRANSLATION|I18N|LOCAL_STORAGE)_?KEYS?$"),
    rule(Kind::PublicName, "about_a_secret", "says something about a secret", r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIAL|SALT|PRIVATE|DSN)S?_(?:.*_)?(?:ALG|ALGO|ALGORITHM|ARN|AUDIENCE|AUD|BITS|BUCKET|BYTES|CIDRS?|CLASS|COUNT|DAYS|DESCRIPTION|DIR|DIRECTORY|DNS|DOMAIN|DRIVER|DURATION|ENABLED|ENDPOINT|ENGINE|ERROR|EXPIRATION|EXPIRE|EXPIRES|EXPIRES?_AT|EXPIRES?_IN|EXPIRY|FIELD|FILE|FILENAME|FORMAT|HEADER|HELP|HINT|HOST|HOURS|IDS?|INTERVAL|IPS?|ISSUER|KIND|LABEL|LEN|LENGTH|LIFETIME|LIMIT|LOCATION|MANAGER|MAX|MAX_AGE|MESSAGE|MIN|MINUTES|MODE|NAME|NAMESPACE|NETWORK|PARAM|PATH|PLACEHOLDER|POLICY|PORT|PREFIX|PROMPT|PROVIDER|REGEX|REGION|REQUIRED|ROTATION|ROUNDS|SCOPES?|SECONDS|SIZE|SOURCE|STORE|STRATEGY|SUBNETS?|SUFFIX|TEMPLATE|TEXT|TIMEOUT|TITLE|TTL|TYPE|URI|URL|VERSION|WINDOW|ZONE)$"),
    rule(Kind::PublicName, "limit", "names a limit or a switch", r"^(?:MAX|MIN|NUM|ENABLE|DISABLE|USE|REQUIRE|ALLOW|HAS|IS|SHOW|HIDE|SKIP|FORCE)_|_(?:MAX|MIN)_"),
    rule(Kind::PublicName, "working_directory", "names the working directory", r"^(?:OLD)?PWD$"),

    // Names that say secret.
    rule(Kind::Name, "name_secret", "name contains SECRET", r"SECRET(?:[^A]|A[^R]|A?$)"),
    rule(Kind::Name, "name_password", "name contains PASSWORD", r"PASSWORD|PASSWD|PASSPHRASE|PASSCODE|PASSWORT"),
    rule(Kind::Name, "name_credential", "name contains CREDENTIAL", r"CREDENTIAL|(?:^|_)CREDS?$"),
    rule(Kind::Name, "name_private", "name contains PRIVATE", r"_PRIVATE(?:_|$)|^PRIVATE_?(?:KEY|PEM|JWK)|PRIVATEKEY"),
    rule(Kind::Name, "name_key", "name ends in _KEY", r"(?:^|_)KEYS?(?:_?(?:BASE)?(?:64|B64))?(?:_\d+)?$|(?:API|ACCESS|AUTH|ENCRYPTION|LICENSE|MASTER|SIGNING)KEYS?$"),
    rule(Kind::Name, "name_token", "name ends in _TOKEN", r"(?:^|_)TOKENS?(?:_\d+)?$|(?:ACCESS|API|AUTH|BEARER|BOT|REFRESH)TOKENS?$|(?:^|_)(?:PAT|JWT)$"),
    rule(Kind::Name, "name_pass", "name ends in _PASS", r"(?:^|_)(?:PASS|PWD|PW)$|(?:DB|SMTP|MAIL|USER)PASS$"),
    rule(Kind::Name, "name_dsn", "name ends in _DSN", r"(?:^|_)DSN$"),
    rule(Kind::Name, "name_salt", "name ends in _SALT", r"(?:^|_)(?:SALT|PEPPER)$"),
    rule(Kind::Name, "name_seed", "name contains SEED_PHRASE", r"(?:^|_)(?:MNEMONIC|SEED_PHRASE|RECOVERY_PHRASE|RECOVERY_CODES?)$"),
    rule(Kind::Name, "name_auth", "name ends in _AUTH", r"(?:^|_)(?:BASIC|HTTP|REDIS|REGISTRY|NPM|DOCKER)_AUTH$|(?:^|_)HTPASSWD$"),
];

/// Names of the rule for randomness.
const RANDOM: Reason = Reason {
    id: "high_entropy",
    phrase: "looks random",
};

/// Name of the rule for webhooks.
const WEBHOOK: Reason = Reason {
    id: "webhook_url",
    phrase: "is a webhook URL with a random part",
};

/// The rules of some kinds, compiled together.
struct Compiled {
    set: RegexSet,
    rules: Vec<&'static Rule>,
}

fn rules_of(kinds: &[Kind]) -> Vec<&'static Rule> {
    RULES
        .iter()
        .filter(|rule| kinds.contains(&rule.kind))
        .collect()
}

// A pattern that does not compile would leave its whole set empty; a test compiles each.

static SHAPES: LazyLock<Compiled> =
    LazyLock::new(|| Compiled::of(&[Kind::Shape, Kind::ShapeForBrowsers, Kind::PublicShape]));

static NAMES: LazyLock<Compiled> = LazyLock::new(|| Compiled::of(&[Kind::Name, Kind::PublicName]));

impl Compiled {
    fn of(kinds: &[Kind]) -> Self {
        let rules = rules_of(kinds);
        // Every pattern is about ASCII; Unicode's tables are not even compiled in.
        let set = RegexSetBuilder::new(rules.iter().map(|rule| rule.pattern))
            .unicode(false)
            .build()
            .unwrap_or_default();
        Self { set, rules }
    }
}

/// Judges one variable.
pub fn classify(name: &str, value: &SecretBytes) -> Verdict {
    let bytes = value.expose().trim_ascii();
    if bytes.is_empty() {
        return Verdict::Empty;
    }
    if value::mask_kind(value).is_some() {
        return Verdict::Plain;
    }
    let name = Name::new(name);

    let shapes: Vec<&Rule> = matches_of(SHAPES.set.matches(bytes), &SHAPES.rules);
    let secret_shape = shapes.iter().find(|rule| match rule.kind {
        Kind::Shape => true,
        Kind::ShapeForBrowsers => !name.for_browsers && name.public != Some("public_name"),
        _ => false,
    });
    if let Some(rule) = secret_shape {
        return Verdict::Secret(rule.reason);
    }
    let Some(text) = value.as_str().map(str::trim) else {
        // Neither text nor anything known: only its name can tell.
        return name.reason().map_or(Verdict::Plain, Verdict::Secret);
    };
    if name.upper.contains("WEBHOOK") && has_random_segment(text) {
        return Verdict::Secret(WEBHOOK);
    }
    if !shapes.is_empty() {
        return Verdict::Plain; // all that are left are public ones
    }
    match name.reason() {
        Some(reason) if can_be_secret(reason, &name.upper, text) => Verdict::Secret(reason),
        _ if !name.explains_randomness() && is_random(text) => Verdict::Secret(RANDOM),
        _ => Verdict::Plain,
    }
}

/// The well-known shape of a secret that a text contains, if any: for what should hold none, such
/// as a description or a key path.
pub fn known_shape(text: &str) -> Option<Reason> {
    matches_of(SHAPES.set.matches(text.as_bytes()), &SHAPES.rules)
        .into_iter()
        .find(|rule| matches!(rule.kind, Kind::Shape | Kind::ShapeForBrowsers))
        .map(|rule| rule.reason)
}

fn matches_of<'r, I>(matches: I, rules: &[&'r Rule]) -> Vec<&'r Rule>
where
    I: IntoIterator<Item = usize>,
{
    matches
        .into_iter()
        .filter_map(|index| rules.get(index).copied())
        .collect()
}

/// What is known about a variable's name.
struct Name {
    /// In upper case, with `_` for every other separator.
    upper: String,
    /// Its value is built into what browsers load.
    for_browsers: bool,
    /// The rule by which it only seems to say secret.
    public: Option<&'static str>,
    /// The rules by which it says secret.
    secret: Vec<Reason>,
}

impl Name {
    fn new(name: &str) -> Self {
        let upper = name.to_uppercase().replace(['-', '.', ' '], "_");
        let rules = matches_of(NAMES.set.matches(upper.as_bytes()), &NAMES.rules);
        let of = |kind| {
            let rules = rules.iter().filter(move |rule| rule.kind == kind);
            rules.map(|rule| rule.reason)
        };
        Self {
            for_browsers: BROWSER_PREFIXES
                .iter()
                .any(|prefix| upper.starts_with(prefix)),
            public: of(Kind::PublicName).next().map(Reason::id),
            secret: of(Kind::Name).collect(),
            upper,
        }
    }

    /// Why the name says that the value is a secret.
    ///
    /// A key or token may be meant for browsers. A secret or password that is built into a page
    /// is one still, and in danger.
    fn reason(&self) -> Option<Reason> {
        let never_public = ["name_secret", "name_password", "name_private"];
        self.secret
            .iter()
            .find(|reason| !self.for_browsers || never_public.contains(&reason.id))
            .filter(|_| self.public.is_none())
            .copied()
    }

    /// Whether one expects a random text that is no secret.
    fn explains_randomness(&self) -> bool {
        const ENDS: &[&str] = &[
            "ADDRESS",
            "ARN",
            "BUILD",
            "CERT",
            "CERTIFICATE",
            "CHECKSUM",
            "COMMIT",
            "DIGEST",
            "ETAG",
            "FINGERPRINT",
            "GUID",
            "HASH",
            "HOST",
            "ID",
            "IDS",
            "IMAGE",
            "INTEGRITY",
            "NAME",
            "PATH",
            "REF",
            "RELEASE",
            "REVISION",
            "SHA",
            "SHA1",
            "SHA256",
            "SHA512",
            "TAG",
            "URN",
            "UUID",
            "VERSION",
        ];
        let last = self.upper.rsplit('_').next().unwrap_or_default();
        self.for_browsers || self.public.is_some() || ENDS.contains(&last)
    }
}

/// With these a build tool puts the value into what browsers load.
const BROWSER_PREFIXES: &[&str] = &[
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NEXT_PUBLIC_",
    "NG_APP_",
    "NUXT_PUBLIC_",
    "PUBLIC_",
    "REACT_APP_",
    "STORYBOOK_",
    "VITE_",
    "VUE_APP_",
];

/// Whether a value can be what the name says: numbers are passwords from four digits on, other
/// secrets from six, and never plural, as in `CONTEXT_TOKENS=128000`; one to three characters are
/// at most a password.
fn can_be_secret(reason: Reason, name: &str, text: &str) -> bool {
    let is_password = matches!(reason.id, "name_password" | "name_pass");
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return match is_password {
            true => text.len() >= 4,
            false => text.len() >= 6 && !name.ends_with('S'),
        };
    }
    is_password || text.chars().count() >= 4
}

/// Fewest and most characters in which randomness is looked for.
const RANDOM_LEN: std::ops::RangeInclusive<usize> = 20..=512;

/// Whether a value looks drawn by lot.
///
/// Three measures together, since each alone also fits names and paths:
/// - One word of 20 to 512 ASCII characters, without the punctuation of lists, sentences, JSON,
///   patterns and URLs; no hexadecimal number, UUID, ULID, host name, e-mail address, semantic
///   version or integrity hash.
/// - Shannon entropy of its characters: 3.0 bits at least; from 32 characters on 3.5, with both
///   cases 4.0. Random base64 has about 4.5 at 32 characters and 5.2 at 64.
/// - Changes between letter and digit, and from small to capital, side by side: a quarter of the
///   length; from 32 characters on, or (from 24 on) with one case only, a fifth. Random base64
///   has 0.42, hexadecimal 0.47, base32 0.30; camel case and versions hardly reach 0.2. Two at
///   least have a digit, so that a number at the end of a name does not count.
pub(crate) fn is_random(text: &str) -> bool {
    if !RANDOM_LEN.contains(&text.len())
        || !text.bytes().all(|byte| byte.is_ascii_graphic())
        || text.contains([
            ',', ';', ':', '(', ')', '{', '}', '[', ']', '<', '>', '|', '"', '\'', '`', '\\',
        ])
        || is_known_plain(text)
    {
        return false;
    }
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    if !has(u8::is_ascii_digit) || !(lower || upper) {
        return false;
    }
    let length = text.len();
    let (least_changes, least_entropy) = match (lower && upper, length) {
        (true, ..32) => (length.div_ceil(4), 3.0),
        (true, _) => (length.div_ceil(5), 4.0),
        (false, ..24) => return false,
        (false, ..32) => (length.div_ceil(5), 3.0),
        (false, _) => (length.div_ceil(5), 3.5),
    };
    let (with_digit, changes) = changes(text);
    with_digit >= 2 && changes >= least_changes && entropy(text) >= least_entropy
}

fn is_known_plain(text: &str) -> bool {
    let is_hex = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let is_domain = |text: &str| {
        text.rsplit_once('.').is_some_and(|(before, last)| {
            (2..=12).contains(&last.len())
                && last.bytes().all(|byte| byte.is_ascii_lowercase())
                && before
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        })
    };
    let is_ulid = text.len() == 26
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && byte != b'U'))
        && text.starts_with(|c: char| ('0'..='7').contains(&c));
    let mut dots = text.trim_start_matches('v').split('.');
    let mut is_number = || {
        dots.next()
            .is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    is_hex(text.strip_prefix("0x").unwrap_or(text))
        || is_ulid
        || is_domain(text)
        || text
            .split_once('@')
            .is_some_and(|(_, host)| is_domain(host))
        || (is_number() && is_number())
        || ["sha1-", "sha256-", "sha384-", "sha512-"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
}

/// How often a letter follows a digit or a digit a letter; and the same together with how often a
/// capital follows a small letter.
fn changes(text: &str) -> (usize, usize) {
    let (mut with_digit, mut of_case) = (0, 0);
    for pair in text.as_bytes().windows(2) {
        let (a, b) = (pair[0], pair[1]);
        with_digit += usize::from(
            (a.is_ascii_alphabetic() && b.is_ascii_digit())
                || (a.is_ascii_digit() && b.is_ascii_alphabetic()),
        );
        of_case += usize::from(a.is_ascii_lowercase() && b.is_ascii_uppercase());
    }
    (with_digit, with_digit + of_case)
}

/// Shannon entropy in bits a character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0usize; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len() as f64;
    let share = |&count: &usize| count as f64 / length;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(share)
        .map(|share| -share * log2(share))
        .sum()
}

/// The binary logarithm of a normal positive number, to thirteen digits.
///
/// `f64::log2` would be the only reason to load the C library's mathematics at every start of the
/// program.
fn log2(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    // In [1, 2); around 1 the series below converges fast.
    let mantissa = f64::from_bits((bits & MANTISSA) | (1023 << 52));
    let (exponent, mantissa) = if mantissa > std::f64::consts::SQRT_2 {
        (exponent + 1, mantissa / 2.0)
    } else {
        (exponent, mantissa)
    };
    // ln m = 2 artanh t = 2 (t + t³/3 + t⁵/5 + …)
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = (0..10)
        .rev()
        .fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent as f64 + 2.0 * t * series * std::f64::consts::LOG2_E
}

/// Whether a URL's path has a part that nobody would guess. Judged only where the name says
/// webhook, for paths of assets have such parts too.
fn has_random_segment(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    rest.split(['/', '?', '=', '&']).skip(1).any(|part| {
        let (_, changes) = changes(part);
        part.len() >= 10 && changes >= 3 && changes * 6 >= part.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    /// Test values are cut in two by `¦`, so that this file itself holds nothing that a scanner
    /// for leaked secrets would report.
    fn whole(text: &str) -> String {
        text.replace('¦', "")
    }

    fn judge(name: &str, value: &str) -> Verdict {
        classify(name, &SecretBytes::from(whole(value).as_str()))
    }

    /// The rule that calls it a secret, or `plain`, or `empty`.
    fn id(name: &str, value: &str) -> &'static str {
        match judge(name, value) {
            Verdict::Secret(reason) => reason.id(),
            Verdict::Plain => "plain",
            Verdict::Empty => "empty",
        }
    }

    /// For each rule what it matches, and what comes close and is not matched.
    #[rustfmt::skip]
    const CASES: &[(&str, &[&str], &[&str])] = &[
        ("stripe_key", &["sk_¦live_abc123xyz", "rk_¦test_4eC39HqLyjWDarjt", "key=sk_¦test_4eC39HqLyjWD"], &["sk_live_", "sk_live_...xyz", "pk_live_4eC39HqLyjWD", "task_live_abcdefghijk"]),
        ("webhook_signing_secret", &["whsec_¦dGhpcyBpcyBhIHRlc3Q"], &["whsec_", "whsec_short"]),
        ("github_token", &["ghp_¦16C7e42F292c6912E7710c838347Ae178B4a", "github_¦pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz"], &["ghp_short", "ghx_16C7e42F292c6912E7710c838347Ae178B4a"]),
        ("gitlab_token", &["glpat-¦xxY7z2bC9dE4fG6hJ8kL", "GR1348941¦xxY7z2bC9dE4fG6hJ8kL"], &["glpat-short", "glass-houses-and-stones-are-a-bad-mix"]),
        ("aws_key_id", &["AKIA¦IOSFODNN7EXAMPLE", "ASIA¦IOSFODNN7EXAMPLE"], &["AKIAIOSFODNN7", "AKIAIOSFODNN7EXAMPLEANDMORE", "EURASIAIOSFODNN7EXAMPLE"]),
        ("slack_token", &["xoxb-¦123456789012-abcdefABCDEF", "xapp-¦1-A0123456789-abc"], &["xoxb-", "xoxz-123456789012-abcdef"]),
        ("slack_webhook", &["https://hooks.slack.¦com/services/T00000000/B00000000/XXXXabcd"], &["https://slack.com/services", "https://hooks.slack.com/"]),
        ("discord_webhook", &["https://discord.¦com/api/webhooks/123456789012345678/abcdefghijABCDEFGHIJ0123456789xyz"], &["https://discord.com/api/webhooks/123", "https://discord.com/invite/abc"]),
        ("teams_webhook", &["https://x.webhook.office.¦com/webhookb2/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f@x/IncomingWebhook"], &["https://office.com/webhookb2"]),
        ("anthropic_key", &["sk-ant-¦api03-abcdefghijKLMNOP_12"], &["sk-ant-", "sk-ant-...abcd"]),
        ("openai_key", &["sk-¦proj-abcDEF123456_7890-", "sk-¦abcdefghijklmnopqrstuvwxyz0123456789ABCD"], &["sk-short", "sk-my-own-kebab-case-name-for-things", "ask-abcdefghijklmnopqrstuvwxyz"]),
        ("hugging_face_token", &["hf_¦abcdefghijklmnopqrstuvwxyzABCDEFGH"], &["hf_hub_enable_transfer", "shelf_abcdefghijklmnopqrstuvwxyzABCDEFGH"]),
        ("ai_service_key", &["gsk_¦abcdefghijklmnopqrstuvwxyz0123456789", "xai-¦abcdefghijklmnopqrstuvwxyz0123456789"], &["gsk_short", "xai-model"]),
        ("sendgrid_key", &["SG.¦abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"], &["SG.", "SG.Singapore", "MSG.abcdefghijklmnopqrstuv.short"]),
        ("mail_service_key", &["key-¦0123456789abcdef0123456789abcdef", "0123456789¦abcdef0123456789abcdef-us14", "re_¦123abcXY_abcdefghijklmnop1"], &["key-west", "us14", "re_start_now"]),
        ("npm_token", &["npm_¦abcdefghijklmnopqrstuvwxyz0123456789"], &["npm_config_registry"]),
        ("pypi_token", &["pypi-¦AgEIcHlwaS5vcmcCJGFiY2RlZmdoaWprbG1u"], &["pypi-mirror"]),
        ("registry_token", &["dckr_¦pat_abcdefghijklmnopqrstuvwxyz1"], &["dckr_pat_short"]),
        ("digitalocean_token", &["dop_v1_¦0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"], &["dop_v1_0123"]),
        ("shopify_token", &["shpat_¦0123456789abcdef0123456789abcdef"], &["shpat_0123"]),
        ("twilio_key", &["SK¦0123456789abcdef0123456789abcdef"], &["SK0123456789abcdef", "TASK0123456789abcdef0123456789abcdef"]),
        ("telegram_token", &["123456789:¦AAabcdefghijklmnopqrstuvwxyz1234567", "https://api.telegram.org/bot123456789:¦AAabcdefghijklmnopqrstuvwxyz1234567/getMe"], &["123456789:AA", "12:30", "localhost:123456789"]),
        ("square_token", &["sq0atp-¦abcdefghijklmnopqrstuv"], &["sq0atp-"]),
        ("linear_key", &["lin_¦api_abcdefghijklmnopqrstuvwxyz0123456789"], &["lin_api_x"]),
        ("notion_token", &["ntn_¦0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH"], &["ntn_", "secret_santa"]),
        ("vault_token", &["hvs.¦CAESIJabcdefghijklmnopqrst"], &["hvs.short"]),
        ("grafana_token", &["glsa_¦abcdefghijklmnopqrstuvwxyz0123456_789abcde"], &["glsa_x"]),
        ("doppler_token", &["dp.st.¦dev.abcdefghijklmnopqrstuvwxyz0123456789"], &["dp.st.dev"]),
        ("supabase_key", &["sb_¦secret_abcdefghijklmnopqrstuv"], &["sb_publishable_abcdefghijklmnopqrstuv"]),
        ("fly_token", &["FlyV1 ¦fm2_lJPECAAAAAAA"], &["FlyV1"]),
        ("sentry_token", &["sntrys_¦abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"], &["sntrys_x"]),
        ("planetscale_token", &["pscale_¦tkn_abcdefghijklmnopqrstuvwxyz0123456789"], &["pscale_tkn_x"]),
        ("atlassian_token", &["ATATT¦3xFfGF0abcdefghijklmnopqrstuv"], &["ATATT", "ATTENTION_PLEASE_THIS_IS_NOT_ONE"]),
        ("google_oauth", &["GOCSPX-¦abcdefghijklmnopqrstuv", "ya29.¦abcdefghijklmnopqrstuv"], &["GOCSPX-", "ya29."]),
        ("google_api_key", &["AIza¦SyA-abcdefghijklmnopqrstuvwxyz01234"], &["AIzaShort"]),
        ("jwt", &["eyJhbGciOiJIUzI1NiJ9.¦eyJzdWIiOiIxMjM0In0.dozjgNryP4J3", "Bearer eyJhbGciOiJIUzI1NiJ9.¦eyJzdWIiOiIxMjM0In0.x"], &["eyJhbGciOiJIUzI1NiJ9", "a.b.c"]),
        ("private_key", &["-----BEGIN ¦PRIVATE KEY-----\nMIIE", "-----BEGIN ¦OPENSSH PRIVATE KEY-----", "-----BEGIN PGP ¦PRIVATE KEY BLOCK-----", "{\"k\": \"-----BEGIN ¦RSA PRIVATE KEY-----\\n\"}"], &["-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"]),
        ("age_key", &["AGE-SECRET-KEY-¦1QQPQZCE0Y2J0Z3QZGJ5SJ8ZJQWMPV5YF8ZQ0AJ6LSDV8D0E5WDSSZJ4UY"], &["age1qqpqzce0y2j0z3qzgj5sj8zjqwmpv5yf8zq0aj6lsdv8d0e5wdss", "AGE-SECRET-KEY-1"]),
        ("url_password", &["postgres://app:¦s3cret@db:5432/app", "redis://:¦s3cret@cache:6379", "https://x:¦y@example.com", "mongodb+srv://u:¦p@a.mongodb.net/x"], &["postgres://app@db/app", "https://example.com:8080/a@b", "http://[::1]:80/", "postgres://u:${PW}@db/x", "mailto:a:b@c", "sqlite:///a.db"]),
        ("url_token", &["https://example.com/?a=1&token=¦abcdef123456", "https://x.blob.core.windows.net/c?sv=1&sig=¦abcdefgh%3D"], &["https://example.com/?token=", "https://example.com/?tokens=abcdef123456", "https://example.com/?page=12345678"]),
        ("azure_connection", &["DefaultEndpointsProtocol=https;AccountName=x;AccountKey=¦abcdefghijklmnop==", "Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey=¦abcdefghijklmnop="], &["AccountName=x;AccountKey=", "AccountKey=short"]),
        ("connection_password", &["Server=db;User Id=sa;Password=¦s3cret;", "host=db user=app password=¦s3cret"], &["Server=db;Trusted_Connection=True", "password=", "password=${PW}", "show_password=1"]),
        ("json_secret", &["{\"client_secret\": \"¦abcdef\"}"], &["{\"client_id\": \"abcdef\"}", "{\"password\": \"\"}"]),
        ("password_hash", &["$2a$10$¦N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "$argon2id$¦v=19$m=65536,t=2,p=1$c29tZXNhbHQ$abc"], &["$2a$10$", "$1.50", "$HOME/a"]),
        ("basic_auth", &["Basic ¦dXNlcjpwYXNzd29yZA==", "Bearer ¦abcdefghijkl"], &["Basic", "Bearer token", "Basic plan for new users"]),

        ("public_key", &["-----BEGIN PUBLIC KEY-----\nMIIB", "-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN PGP PUBLIC KEY BLOCK-----"], &["-----BEGIN PRIVATE KEY-----", "BEGIN PUBLIC KEY"]),
        ("ssh_public_key", &["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here", "ssh-rsa AAAAB3"], &["ssh-rsa", "ssh me@here"]),
        ("age_recipient", &["age1qqpqzce0y2j0z3qzgj5sj8zjqwmpv5yf8zq0aj6lsdv8d0e5wdss"], &["age1", "age of reason"]),
        ("publishable_key", &["pk_test_4eC39HqLyjWDarjt", "pk.eyJ1IjoibWUifQ.abc"], &["sk_test_4eC39HqLyjWDarjt", "pk_live_"]),
        ("boolean", &["true", "OFF", "disabled", "none"], &["truest", "onward", ""]),
        ("fraction_or_duration", &["15m", "7d", "10MB", "0.5s", "80%", "30 days"], &["m15", "15mx", "deadbeef"]),
        ("date", &["2026-01-21", "2026-01-21T10:00:00Z"], &["2026-01", "20260121"]),
        ("network", &["127.0.0.1", "10.0.0.0/8", "0.0.0.0:3000", "localhost:5432"], &["1.2.3", "localhosting"]),
        ("url", &["https://example.com/a?b=c", "sqlite:///data/app.db", "file:./dev.db"], &["https://app@example.com", "example.com"]),
        ("path", &["/etc/ssl/key.pem", "./keys/app.pem", "~/.ssh/id_ed25519", "/run/secrets/db", "C:\\keys\\app.pem", "service-account.key", "/data/app.key"], &["/", "K7MDENG/bPxRfiCYEXAMPLEKEY", "/bPxRfiCY/K7MDENG", "a b.c"]),

        ("public_name", &["PUBLIC_KEY", "JWT_PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY", "SUPABASE_ANON_KEY", "RECAPTCHA_SITE_KEY", "PUBLIC_API_TOKEN"], &["PRIVATE_KEY", "PUBLICITY_KEY", "REPUBLIC_SECRET"]),
        ("lookup_key", &["PRIMARY_KEY", "SORT_KEY", "CACHE_KEY", "HOTKEY"], &["API_KEY", "CACHE_SECRET_KEY", "AZURE_STORAGE_KEY"]),
        ("about_a_secret", &["TOKEN_TTL", "API_KEY_HEADER", "DB_PASSWORD_FILE", "PASSWORD_MIN_LENGTH", "JWT_SECRET_ALGORITHM", "VPC_PRIVATE_SUBNET_IDS", "TOKEN_URL", "AWS_SECRET_NAME"], &["SECRET_KEY_BASE", "TOKEN_SIGNING_SECRET", "HEADER_TOKEN", "KEYSTORE_PASSWORD"]),
        ("limit", &["MAX_TOKENS", "ENABLE_PASSWORD", "OPENAI_MAX_TOKENS"], &["MAXMIND_LICENSE_KEY", "ISSUE_TOKEN"]),
        ("working_directory", &["PWD", "OLDPWD"], &["DB_PWD"]),

        ("name_secret", &["JWT_SECRET", "SECRET_KEY_BASE", "CLIENTSECRET", "SECRETS", "SECRET"], &["SECRETARY_EMAIL", "SECRE"]),
        ("name_password", &["DB_PASSWORD", "PASSWORD", "PGPASSWORD", "ROOT_PASSWD", "KEY_PASSPHRASE"], &["PASSPORT", "WORD"]),
        ("name_credential", &["GOOGLE_APPLICATION_CREDENTIALS", "AWS_CREDS"], &["CREDIT", "SACREDS"]),
        ("name_private", &["APP_PRIVATE_KEY", "PRIVATE_KEY", "PRIVATEKEY", "JWT_PRIVATE"], &["PRIVATELY", "PRIVATE_BETA"]),
        ("name_key", &["STRIPE_API_KEY", "KEY", "OPENAI_APIKEY", "API_KEYS", "MASTER_KEY_BASE64", "API_KEY_2"], &["MONKEY", "KEYBOARD", "KEY_COUNT", "TURKEY"]),
        ("name_token", &["GITHUB_TOKEN", "TOKEN", "ACCESSTOKEN", "GH_PAT", "API_TOKENS"], &["TOKENIZER", "TOKEN_COUNT", "SPAT"]),
        ("name_pass", &["SMTP_PASS", "DB_PWD", "DBPASS", "PASS"], &["BYPASS", "COMPASS", "PASS_THROUGH"]),
        ("name_dsn", &["SENTRY_DSN", "DSN"], &["DSNAME", "WDSN"]),
        ("name_salt", &["PASSWORD_SALT", "SALT", "HASH_PEPPER"], &["SALT_LAKE", "BASALT"]),
        ("name_seed", &["MNEMONIC", "WALLET_SEED_PHRASE"], &["SEED", "SEED_DATA"]),
        ("name_auth", &["REDIS_AUTH", "BASIC_AUTH", "HTPASSWD"], &["AUTH", "OAUTH", "AUTH_URL"]),
    ];

    #[test]
    fn each_rule_compiles_and_has_a_case_for_and_against() {
        for rule in RULES {
            let (_, matching, near) = CASES
                .iter()
                .find(|(id, ..)| *id == rule.reason.id)
                .unwrap_or_else(|| panic!("no case for {}", rule.reason.id));
            let pattern = Regex::new(rule.pattern).unwrap();
            assert!(!matching.is_empty() && !near.is_empty());
            for text in *matching {
                assert!(pattern.is_match(&whole(text)), "{}: {text}", rule.reason.id);
            }
            for text in *near {
                assert!(
                    !pattern.is_match(&whole(text)),
                    "{}: {text}",
                    rule.reason.id
                );
            }
        }
        assert_eq!(CASES.len(), RULES.len());
        assert_eq!(SHAPES.set.len() + NAMES.set.len(), RULES.len());
    }

    #[test]
    fn the_logarithm_is_the_logarithm() {
        for n in 1..1000 {
            for of in [n, n + 1, 1000, 65_536] {
                let x = f64::from(n) / f64::from(of);
                assert!((log2(x) - x.log2()).abs() < 1e-12, "{x}");
            }
        }
    }

    #[test]
    fn ids_are_stable_names_and_unique() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.reason.id).collect();
        ids.extend([RANDOM.id, WEBHOOK.id]);
        let is_snake = |id: &&str| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(ids.iter().all(is_snake));
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    #[rustfmt::skip]
    fn realistic_variables_are_judged_right() {
        let cases = [
            // Never.
            ("PORT", "3000", "plain"),
            ("NODE_ENV", "production", "plain"),
            ("DEBUG", "1", "plain"),
            ("DEBUG", "app:*,-app:socket", "plain"),
            ("LOG_LEVEL", "info", "plain"),
            ("HOST", "localhost", "plain"),
            ("HOST", "0.0.0.0", "plain"),
            ("TZ", "Europe/Berlin", "plain"),
            ("LANG", "en_GB.UTF-8", "plain"),
            ("DATABASE_URL", "sqlite:///var/lib/app/app.db", "plain"),
            ("DATABASE_URL", "sqlite://data.db?mode=rwc", "plain"),
            ("DATABASE_URL", "file:./dev.db", "plain"),
            ("DATABASE_URL", "postgres://localhost:5432/app", "plain"),
            ("DATABASE_URL", "postgres://app@localhost/app", "plain"),
            ("DB_DSN", "sqlite:///tmp/app.db", "plain"),
            ("REDIS_URL", "redis://localhost:6379/0", "plain"),
            ("API_URL", "https://api.example.com/v1", "plain"),
            ("CORS_ORIGINS", "https://a.example.com,https://b.example.com", "plain"),
            ("ALLOWED_HOSTS", "localhost,127.0.0.1,app.example.com", "plain"),
            ("NEXT_PUBLIC_SITE_URL", "https://example.com", "plain"),
            ("EMAIL_FROM", "Consilio <no-reply@example.com>", "plain"),
            ("ADMIN_EMAIL", "samuel.first2.last3@mail4.example.com", "plain"),
            ("SMTP_HOST", "email-smtp.eu-west-1.amazonaws.com", "plain"),
            ("AWS_REGION", "eu-central-1", "plain"),
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/DeployRole2", "plain"),
            ("S3_BUCKET", "consilio-prod-uploads-eu-central-1", "plain"),
            ("APP_VERSION", "1.24.3-beta.2+build.20260121", "plain"),
            ("RELEASE_DATE", "2026-01-21T10:00:00Z", "plain"),
            ("GIT_COMMIT", "0123456789abcdef0123456789abcdef01234567", "plain"),
            ("BUILD_HASH", "aB3dE5gH7jK9mN1pQ3sT5vX7", "plain"),
            ("TENANT", "550e8400-e29b-41d4-a716-446655440000", "plain"),
            ("REQUEST", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "plain"),
            ("CHECK", "d41d8cd98f00b204e9800998ecf8427e", "plain"),
            ("SCRIPT_SRI", "sha384-¦oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8KuxMyF", "plain"),
            ("IMAGE", "registry.example.com/team/app:v1.2.3-alpine3.19", "plain"),
            ("BASE", "node18-alpine3.19-x86_64-glibc2.38", "plain"),
            ("GREETING", "Welcome to Consilio, we open at 9 on 2026-02-01", "plain"),
            ("DATE_FORMAT", "%Y-%m-%dT%H:%M:%S.%f%z", "plain"),
            ("SLUG_PATTERN", "^[A-Za-z0-9]{3,20}$", "plain"),
            ("FEATURES", "{\"newCheckout\":true,\"v2Search\":false}", "plain"),
            ("CRON", "*/5 * * * *", "plain"),
            ("CLASS_NAME", "com.example.app.MyServiceImpl2Factory", "plain"),
            ("HANDLER", "createUserAccountWithEmail2Handler", "plain"),
            ("NODE_OPTIONS", "--max-old-space-size=4096", "plain"),
            ("PATH_TO_DATA", "/srv/consilio/data/2026/a1b2", "plain"),
            ("GOOGLE_CLIENT_ID", "123456789012-¦a1b2c3d4e5f6g7h8.apps.googleusercontent.com", "plain"),
            ("GA_MEASUREMENT_ID", "G-ABCDEF1234", "plain"),
            ("LOGO", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg", "plain"),
            ("PWD", "/home/me/sv/consilio-s", "plain"),
            // Names that only seem to say secret.
            ("MAX_TOKENS", "4096", "plain"),
            ("CONTEXT_TOKENS", "128000", "plain"),
            ("TOKEN_TTL", "3600", "plain"),
            ("JWT_SECRET_EXPIRES_IN", "7d", "plain"),
            ("JWT_EXPIRES_IN", "15m", "plain"),
            ("PASSWORD_MIN_LENGTH", "12", "plain"),
            ("REQUIRE_PASSWORD", "true", "plain"),
            ("PASSWORD_RESET_URL", "https://example.com/reset", "plain"),
            ("API_KEY_HEADER", "X-Api-Key", "plain"),
            ("CSRF_TOKEN_NAME", "csrftoken", "plain"),
            ("DB_PASSWORD_FILE", "/run/secrets/db_password", "plain"),
            ("SSL_KEY", "/etc/ssl/private/app.pem", "plain"),
            ("TLS_KEY", "./certs/localhost.key", "plain"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "./service-account.json", "plain"),
            ("SSH_PUBLIC_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc me@here", "plain"),
            ("DEPLOY_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc me@here", "plain"),
            ("VAPID_PUBLIC_KEY", "BNc¦RdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA0QTpQ", "plain"),
            ("STRIPE_PUBLISHABLE_KEY", "pk_live_¦4eC39HqLyjWDarjtT1zdp7dc", "plain"),
            ("STRIPE_KEY", "pk_test_¦4eC39HqLyjWDarjtT1zdp7dc", "plain"),
            ("NEXT_PUBLIC_FIREBASE_API_KEY", "AIza¦SyA-abcdefghijklmnopqrstuvwxyz01234", "plain"),
            ("SUPABASE_ANON_KEY", "eyJhbGciOiJIUzI1NiJ9.¦eyJyb2xlIjoiYW5vbiJ9.abcdefgh", "plain"),
            ("VITE_MAPBOX_TOKEN", "pk.¦eyJ1IjoibWUiLCJhIjoiYWJjIn0.abcdef", "plain"),
            ("VITE_POSTHOG_KEY", "phc_¦a1B2c3D4e5F6g7H8i9J0k1L2m3", "plain"),
            ("NEXT_PUBLIC_SENTRY_DSN", "https://¦0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "plain"),
            ("RECAPTCHA_SITE_KEY", "6Lc¦aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789", "plain"),
            ("CACHE_KEY", "consilio:v2:users", "plain"),
            ("AZURE_PRIVATE_SUBNETS", "subnet-a,subnet-b", "plain"),
            ("SECRETARY_NAME", "Miss Moneypenny", "plain"),
            ("REDIS_PASSWORD", "null", "plain"),
            ("STRIPE_API_KEY", "your-api-key-here", "plain"),
            ("STRIPE_API_KEY", "********", "plain"),
            ("STRIPE_API_KEY", "${STRIPE_KEY_LIVE}", "plain"),
            ("DATABASE_URL", "postgres://${DB_USER}:${DB_PASS}@db/app", "plain"),
            ("DATABASE_URL", "postgres://app:***@db/app", "plain"),
            // Nothing.
            ("STRIPE_API_KEY", "", "empty"),
            ("STRIPE_API_KEY", " \n", "empty"),
            // By name.
            ("DB_PASSWORD", "postgres", "name_password"),
            ("DB_PASSWORD", "123456", "name_password"),
            ("PGPASSWORD", "hunter2", "name_password"),
            ("SMTP_PASS", "abc", "name_pass"),
            ("MYSQL_PWD", "root", "name_pass"),
            ("JWT_SECRET", "dev-only", "name_secret"),
            ("SECRET_KEY_BASE", "0123456789abcdef0123456789abcdef", "name_secret"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/¦K7MDENG/bPxRfiCYEXAMPLEKEY", "name_secret"),
            ("VITE_CLIENT_SECRET", "a1b2c3d4", "name_secret"),
            ("APP_KEY", "base64:¦0b2kW1p3n8m4v6c7x9z5a3s1d2f4g6h8", "name_key"),
            ("OPENWEATHER_API_KEY", "0123456789abcdef0123456789abcdef", "name_key"),
            ("stripeApiKey", "abcdef123456", "name_key"),
            ("mail.api-key", "abcdef123456", "name_key"),
            ("CLOUDFLARE_API_TOKEN", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ1234", "name_token"),
            ("AUTH_TOKEN", "123456", "name_token"),
            ("SENTRY_DSN", "https://¦0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "name_dsn"),
            ("HASHIDS_SALT", "pinch of it", "name_salt"),
            ("WALLET_MNEMONIC", "test test test test test test test junk", "name_seed"),
            ("AWS_CREDENTIALS", "default:abc", "name_credential"),
            ("APP_PRIVATE_KEY", "MIIEvQIBADANBg", "name_private"),
            ("NPM_AUTH", "dXNlcjpwYXNz", "name_auth"),
            // By shape, whatever the name.
            ("STRIPE", "sk_¦live_abc123xyz", "stripe_key"),
            ("NEXT_PUBLIC_STRIPE", "sk_¦live_abc123xyz", "stripe_key"),
            ("GH", "ghp_¦16C7e42F292c6912E7710c838347Ae178B4a", "github_token"),
            ("AWS_ACCESS_KEY_ID", "AKIA¦IOSFODNN7EXAMPLE", "aws_key_id"),
            ("BOT", "123456789:¦AAabcdefghijklmnopqrstuvwxyz1234567", "telegram_token"),
            ("MAPS", "AIza¦SyA-abcdefghijklmnopqrstuvwxyz01234", "google_api_key"),
            ("SUPABASE", "eyJhbGciOiJIUzI1NiJ9.¦eyJyb2xlIjoic2VydmljZSJ9.abcdefgh", "jwt"),
            ("DATABASE_URL", "postgres://app:¦s3cret@db:5432/app", "url_password"),
            ("DATABASE_URL", "postgres://postgres:¦postgres@localhost:5432/app", "url_password"),
            ("REDIS_URL", "redis://:¦s3cret@cache:6379/0", "url_password"),
            ("DB", "Server=db;Database=app;User Id=sa;Password=¦s3cret", "connection_password"),
            ("SIGNING", "-----BEGIN ¦EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n", "private_key"),
            ("SA_JSON", "{\"private_key\": \"-----BEGIN ¦PRIVATE KEY-----\\nMIIE\"}", "private_key"),
            ("SOPS", "AGE-SECRET-KEY-¦1QQPQZCE0Y2J0Z3QZGJ5SJ8ZJQWMPV5YF8ZQ0AJ6LSDV8D0E5WDSSZJ4UY", "age_key"),
            ("ALERTS", "https://hooks.slack.¦com/services/T00000000/B00000000/XXXXabcd", "slack_webhook"),
            ("UPLOAD_URL", "https://x.blob.core.windows.net/c?sv=1&sig=¦abcdefgh%3D", "url_token"),
            ("DEPLOY_WEBHOOK_URL", "https://api.example.com/deploy/¦srv-c1a2b3d4e5f6?key=a1B2c3D4e5", "webhook_url"),
            ("DEPLOY_WEBHOOK_URL", "https://example.com/hooks/github", "plain"),
            // By randomness.
            ("SIGNER", "4eC39HqLyjWDarjtT1¦zdp7dcVbN8mK2x", "high_entropy"),
            ("SIGNER", "q7R+v2Xk9/Zt4Lw8Bn3¦Yc6Hd1Mf5Jg0PsUaEiOyTrQ==", "high_entropy"),
            ("SIGNER", "k3j9x7q2m5n8b4v6c1z0¦a7s9d2f4", "high_entropy"),
            ("SIGNER", "kX9#mP2$vL5@nQ8!rT3%¦wZ7", "high_entropy"),
        ];
        assert!(cases.len() >= 80);
        for (name, value, expected) in cases {
            assert_eq!(id(name, value), expected, "{name}={value}");
        }
    }

    #[test]
    fn a_reason_has_words_for_it() {
        let Verdict::Secret(reason) = judge("STRIPE_API_KEY", "abcdef123456") else {
            panic!("not a secret");
        };
        assert_eq!(reason.phrase(), "name ends in _KEY");
        let reason = known_shape(&whole("token ghp_¦16C7e42F292c6912E7710c838347Ae178B4a"));
        assert_eq!(reason.unwrap().phrase(), "looks like a GitHub token");
        assert_eq!(known_shape("Stripe API key for payment processing"), None);
    }

    #[test]
    fn bytes_are_judged_by_name_and_shape() {
        let bytes = SecretBytes::new(vec![0xff, 0xfe, 0, 1, 2, 3]);
        assert!(classify("APP_KEY", &bytes).is_secret());
        assert_eq!(classify("LOGO", &bytes), Verdict::Plain);
        let mut bytes = whole("\u{0}-----BEGIN ¦PRIVATE KEY-----").into_bytes();
        bytes.push(0xff);
        assert!(classify("LOGO", &SecretBytes::new(bytes)).is_secret());
    }

    /// How many of 10,000 random texts in an innocent variable are found. The generator is
    /// seeded, so the answer is the same every time.
    fn found(alphabet: &[u8], length: usize) -> usize {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut draw = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(alphabet[(state >> 33) as usize % alphabet.len()])
        };
        (0..10_000)
            .filter(|_| is_random(&(0..length).map(|_| draw()).collect::<String>()))
            .count()
    }

    #[test]
    fn nearly_all_random_texts_are_found() {
        let base64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let base32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let base36 = b"abcdefghijklmnopqrstuvwxyz0123456789";
        for (alphabet, length, least) in [
            (&base64[..], 64, 9_980),
            (&base64[..], 32, 9_700),
            (&base64[..62], 40, 9_900),
            (&base64[..62], 24, 9_300),
            (&base36[..], 32, 9_600),
            (&base32[..], 32, 8_000),
        ] {
            let count = found(alphabet, length);
            assert!(count >= least, "{count} of {} characters", alphabet.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn words_are_not_random(value in "[a-z]{3,9}([-_.][a-z]{3,9}){2,6}[0-9]{0,4}") {
            prop_assert!(!is_random(&value));
        }

        #[test]
        fn camel_case_is_not_random(value in "[a-z]{4,9}([A-Z][a-z]{3,8}){2,6}[0-9]{0,3}") {
            prop_assert!(!is_random(&value));
        }

        #[test]
        fn numbers_and_ids_are_not_random(value in "[0-9]{1,40}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{7,64}") {
            prop_assert!(!is_random(&value));
        }

        #[test]
        fn nothing_makes_it_panic(name in any::<String>(), value in any::<Vec<u8>>()) {
            let _ = classify(&name, &SecretBytes::new(value));
        }

        #[test]
        fn no_text_makes_it_panic(value in any::<String>()) {
            let _ = (classify("X", &SecretBytes::from(value.as_str())), known_shape(&value));
            let _ = has_random_segment(&value);
        }
    }
}
