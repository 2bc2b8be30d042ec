//! The units every policy knows. Others, a tonne for one, a policy declares.

/// A built-in unit of measure: its name, how many of another unit it is as `num / den`, and the other unit as a product
/// of powers. A base unit stands for itself.
pub(super) struct Measure {
    pub name: &'static str,
    pub num: i64,
    pub den: i64,
    pub of: &'static [(&'static str, i8)],
}

const fn base(name: &'static str) -> Measure {
    Measure { name, num: 1, den: 1, of: &[] }
}

const fn scaled(name: &'static str, num: i64, den: i64, of: &'static [(&'static str, i8)]) -> Measure {
    Measure { name, num, den, of }
}

/// In an order in which each is defined by earlier ones.
pub(super) const MEASURES: [Measure; 13] = [
    base("kg"),
    scaled("g", 1, 1_000, &[("kg", 1)]),
    scaled("mg", 1, 1_000_000, &[("kg", 1)]),
    base("m"),
    scaled("km", 1_000, 1, &[("m", 1)]),
    scaled("m2", 1, 1, &[("m", 2)]),
    scaled("m3", 1, 1, &[("m", 3)]),
    scaled("litre", 1, 1_000, &[("m", 3)]),
    // 42 US gallons of 231 cubic inches of 25.4 mm.
    scaled("barrel", 158_987_294_928, 1_000_000_000_000, &[("m", 3)]),
    base("kWh"),
    scaled("MWh", 1_000, 1, &[("kWh", 1)]),
    // Power and energy are not tied by hours: the smallest unit of time is the day (T1).
    base("MW"),
    scaled("GW", 1_000, 1, &[("MW", 1)]),
];

/// The currencies of ISO 4217 in use in 2026: no funds, metals, test codes or withdrawn currencies.
pub(super) const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN \
BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ \
GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD \
MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD \
RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU \
UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";
