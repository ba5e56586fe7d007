//! The table of rules, and their compiled form.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use super::Reason;

/// What a rule looks at, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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

pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) reason: Reason,
    pub(super) pattern: &'static str,
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
pub(super) const RULES: &[Rule] = &[
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
    rule(Kind::Name, "name_token", "name ends in _TOKEN", r"(?:^|_)TOKENS?(?:_\d+)?$|(?:ACCESS|API|AUTH|BEARER|BOT|REFRESH)TOKENS?$"),
    rule(Kind::Name, "name_jwt", "name is that of a token", r"(?:^|_)(?:PAT|JWT)$"),
    rule(Kind::Name, "name_pass", "name ends in _PASS", r"(?:^|_)(?:PASS|PWD|PW)$|(?:DB|SMTP|MAIL|USER)PASS$"),
    rule(Kind::Name, "name_dsn", "name ends in _DSN", r"(?:^|_)DSN$"),
    rule(Kind::Name, "name_salt", "name ends in _SALT", r"(?:^|_)(?:SALT|PEPPER)$"),
    rule(Kind::Name, "name_seed", "name contains SEED_PHRASE", r"(?:^|_)(?:MNEMONIC|SEED_PHRASE|RECOVERY_PHRASE|RECOVERY_CODES?)$"),
    rule(Kind::Name, "name_auth", "name ends in _AUTH", r"(?:^|_)(?:BASIC|HTTP|REDIS|REGISTRY|NPM|DOCKER)_AUTH$|(?:^|_)HTPASSWD$"),
];

/// Names of the rule for randomness.
pub(super) const RANDOM: Reason = Reason {
    id: "high_entropy",
    phrase: "looks random",
};

/// Name of the rule for webhooks.
pub(super) const WEBHOOK: Reason = Reason {
    id: "webhook_url",
    phrase: "is a webhook URL with a random part",
};

/// The rules of some kinds, compiled together.
pub(super) struct Compiled {
    pub(super) set: RegexSet,
    pub(super) rules: Vec<&'static Rule>,
}

pub(super) fn rules_of(kinds: &[Kind]) -> Vec<&'static Rule> {
    RULES
        .iter()
        .filter(|rule| kinds.contains(&rule.kind))
        .collect()
}

// A pattern that does not compile would leave its whole set empty; a test compiles each.

pub(super) static SHAPES: LazyLock<Compiled> =
    LazyLock::new(|| Compiled::of(&[Kind::Shape, Kind::ShapeForBrowsers, Kind::PublicShape]));

pub(super) static NAMES: LazyLock<Compiled> =
    LazyLock::new(|| Compiled::of(&[Kind::Name, Kind::PublicName]));

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

pub(super) fn matches_of<'r, I>(matches: I, rules: &[&'r Rule]) -> Vec<&'r Rule>
where
    I: IntoIterator<Item = usize>,
{
    matches
        .into_iter()
        .filter_map(|index| rules.get(index).copied())
        .collect()
}
