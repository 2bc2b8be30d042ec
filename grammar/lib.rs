//! The grammars as parsers. They are a crate of their own, so that they are built once, and optimised in every profile.

/// The language of policies, and of the values of facts.
pub mod policy {
    use pest::Parser;
    use pest::error::Error;
    use pest::iterators::Pairs;

    #[derive(pest_derive::Parser)]
    #[grammar = "comity.pest"]
    struct PolicyGrammar;

    /// A text by one of the rules that begin and end it.
    ///
    /// # Errors
    /// Where the text does not parse: what was wanted there.
    pub fn parse(entrance: Rule, text: &str) -> Result<Pairs<'_, Rule>, Box<Error<Rule>>> {
        PolicyGrammar::parse(entrance, text).map_err(Box::new)
    }
}

/// Rate texts of published tariff schedules.
pub mod rates {
    use pest::Parser;
    use pest::error::Error;
    use pest::iterators::Pairs;

    #[derive(pest_derive::Parser)]
    #[grammar = "rates.pest"]
    struct RateGrammar;

    /// A whole rate text.
    ///
    /// # Errors
    /// Where the text does not parse: what was wanted there.
    pub fn parse(text: &str) -> Result<Pairs<'_, Rule>, Box<Error<Rule>>> {
        RateGrammar::parse(Rule::text, text).map_err(Box::new)
    }
}
