//! What providers call their services in logs and roles, and what people call them in catalogs.
//!
//! Only the names that the makers use themselves. Where the catalog uses another, an alias on the
//! component's card or a mapping file says so.

use crate::card::words::Name;

/// Resource providers of Azure.
const AZURE: &[(&str, &[&str])] = &[
    ("Microsoft.ApiManagement", &["Azure API Management"]),
    ("Microsoft.App", &["Azure Container Apps"]),
    ("Microsoft.Cache", &["Azure Cache for Redis"]),
    (
        "Microsoft.CognitiveServices",
        &["Azure AI Foundry", "Azure OpenAI Service", "Azure OpenAI", "Azure AI services"],
    ),
    ("Microsoft.ContainerRegistry", &["Azure Container Registry"]),
    ("Microsoft.ContainerService", &["Azure Kubernetes Service"]),
    ("Microsoft.Databricks", &["Azure Databricks"]),
    ("Microsoft.DataFactory", &["Azure Data Factory"]),
    ("Microsoft.DocumentDB", &["Azure Cosmos DB"]),
    ("Microsoft.EventHub", &["Azure Event Hubs"]),
    ("Microsoft.Insights", &["Azure Monitor", "Azure Application Insights", "Application Insights"]),
    ("Microsoft.KeyVault", &["Azure Key Vault"]),
    ("Microsoft.MachineLearningServices", &["Azure Machine Learning"]),
    ("Microsoft.OperationalInsights", &["Azure Log Analytics", "Log Analytics"]),
    ("Microsoft.Purview", &["Microsoft Purview"]),
    ("Microsoft.Search", &["Azure AI Search"]),
    ("Microsoft.ServiceBus", &["Azure Service Bus"]),
    ("Microsoft.Sql", &["Azure SQL Database", "Azure SQL"]),
    ("Microsoft.Storage", &["Azure Storage"]),
    ("Microsoft.Synapse", &["Azure Synapse Analytics"]),
    ("Microsoft.Web", &["Azure Web Apps", "Azure Functions", "Azure App Service"]),
];

/// Event sources of AWS, without the domain.
const AWS: &[(&str, &[&str])] = &[
    ("athena", &["Amazon Athena"]),
    ("bedrock", &["Amazon Bedrock"]),
    ("bedrock-agentcore", &["Amazon Bedrock AgentCore"]),
    ("dynamodb", &["Amazon DynamoDB"]),
    ("ecr", &["Amazon ECR", "Amazon Elastic Container Registry"]),
    ("ec2", &["Amazon EC2"]),
    ("eks", &["Amazon EKS"]),
    ("glue", &["AWS Glue"]),
    ("iam", &["AWS IAM"]),
    ("kms", &["AWS KMS"]),
    ("lambda", &["AWS Lambda"]),
    ("rds", &["Amazon RDS"]),
    ("s3", &["Amazon S3"]),
    ("sagemaker", &["Amazon SageMaker"]),
    ("secretsmanager", &["AWS Secrets Manager"]),
    ("states", &["AWS Step Functions"]),
];

/// Providers of models, as OpenTelemetry calls them.
const MODELS: &[(&str, &[&str])] = &[
    ("anthropic", &["Anthropic", "Claude"]),
    ("aws.bedrock", &["Amazon Bedrock"]),
    ("az.ai.inference", &["Azure AI Foundry"]),
    ("az.ai.openai", &["Azure OpenAI Service", "Azure OpenAI"]),
    ("azure.ai.inference", &["Azure AI Foundry"]),
    ("azure.ai.openai", &["Azure OpenAI Service", "Azure OpenAI"]),
    ("gcp.gemini", &["Gemini"]),
    ("gcp.vertex_ai", &["Vertex AI"]),
    ("openai", &["OpenAI"]),
];

/// What people call a resource provider of Azure.
#[must_use]
pub fn azure(provider: &str) -> &'static [&'static str] {
    names(AZURE, provider)
}

/// The resource provider of Azure that one of some names belongs to; compared as words of cards are.
pub fn azure_provider<'n>(mut names: impl Iterator<Item = &'n Name>) -> Option<&'static str> {
    let of = |name: &Name| {
        let known = |names: &&[&str]| names.iter().any(|known| Name::new(known) == *name);
        AZURE.iter().find(|(_, names)| known(names)).map(|(provider, _)| *provider)
    };
    names.find_map(of)
}

/// What people call an event source of AWS.
#[must_use]
pub fn aws(source: &str) -> &'static [&'static str] {
    names(AWS, source)
}

/// What people call a provider of models.
#[must_use]
pub fn models(provider: &str) -> &'static [&'static str] {
    names(MODELS, provider)
}

fn names(table: &'static [(&str, &[&str])], word: &str) -> &'static [&'static str] {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map_or(&[], |(_, names)| names)
}
