//! What providers call their services in logs, and what people call them in catalogs.
//!
//! Only the names that the makers use themselves. Where the catalog uses another, an alias on the
//! component's card or a mapping file says so.

/// Resource providers of Azure.
const AZURE: &[(&str, &[&str])] = &[
    ("microsoft.apimanagement", &["Azure API Management"]),
    ("microsoft.app", &["Azure Container Apps"]),
    ("microsoft.cache", &["Azure Cache for Redis"]),
    (
        "microsoft.cognitiveservices",
        &["Azure AI Foundry", "Azure OpenAI Service", "Azure OpenAI", "Azure AI services"],
    ),
    ("microsoft.containerregistry", &["Azure Container Registry"]),
    ("microsoft.containerservice", &["Azure Kubernetes Service"]),
    ("microsoft.databricks", &["Azure Databricks"]),
    ("microsoft.datafactory", &["Azure Data Factory"]),
    ("microsoft.documentdb", &["Azure Cosmos DB"]),
    ("microsoft.eventhub", &["Azure Event Hubs"]),
    ("microsoft.insights", &["Azure Monitor", "Azure Application Insights", "Application Insights"]),
    ("microsoft.keyvault", &["Azure Key Vault"]),
    ("microsoft.machinelearningservices", &["Azure Machine Learning"]),
    ("microsoft.operationalinsights", &["Azure Log Analytics", "Log Analytics"]),
    ("microsoft.purview", &["Microsoft Purview"]),
    ("microsoft.search", &["Azure AI Search"]),
    ("microsoft.servicebus", &["Azure Service Bus"]),
    ("microsoft.sql", &["Azure SQL Database", "Azure SQL"]),
    ("microsoft.storage", &["Azure Storage"]),
    ("microsoft.synapse", &["Azure Synapse Analytics"]),
    ("microsoft.web", &["Azure Web Apps", "Azure Functions", "Azure App Service"]),
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
